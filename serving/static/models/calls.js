// The service's calls on models, evaluations and trainings.

import { ask, getJson, sendJson } from "../common/service.js";

const model = (version) => `/v1/models/${encodeURIComponent(version)}`;

export const listModels = () => getJson("/v1/models");
export const getModel = (version) => getJson(model(version));
export const promoteModel = (version, asked) => sendJson(`${model(version)}/promote`, asked);
export const removeModel = (version) => ask(model(version), { method: "DELETE" });
export const rollBack = async () => (await ask("/v1/models/rollback", { method: "POST" })).json();

export const listEvaluations = () => getJson("/v1/evaluations");
export const getEvaluation = (id) => getJson(`/v1/evaluations/${encodeURIComponent(id)}`);
export const startEvaluation = (asked) => sendJson("/v1/evaluations", asked);

export const listTrainings = () => getJson("/v1/trainings");
export const getTraining = (id) => getJson(`/v1/trainings/${encodeURIComponent(id)}`);
export const startTraining = (asked) => sendJson("/v1/trainings", asked);
/** What a training has said since event `after`: {state, events: [{number, text?, point?}], next}. */
export const getEvents = (id, after) => getJson(`/v1/trainings/${encodeURIComponent(id)}/events?after=${after}`);

export const cancelJob = (id) => ask(`/v1/jobs/${encodeURIComponent(id)}`, { method: "DELETE" });
export const retryJob = (id) => ask(`/v1/jobs/${encodeURIComponent(id)}/retry`, { method: "POST" });
