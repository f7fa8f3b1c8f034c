// Model versions, and what is trained and evaluated.

import { button, h, table } from "../common/dom.js";
import { moment, nameOf, percent, say } from "../common/strings.js";
import { listDatasets } from "../datasets/calls.js";
import { addressOf } from "./address.js";
import { listEvaluations, listModels, listTrainings } from "./calls.js";
import { evaluationForm, trainingForm } from "./forms.js";
import { goBack, promote, remove } from "./promote.js";

/** The panels of the list. Who may not train or annotate is shown the versions only. */
export async function listPage({ again }) {
  const models = await listModels();
  const [datasets, evaluations, trainings] = await Promise.all([listDatasets, listEvaluations, listTrainings].map(orNone));
  return [
    versionsPanel(models, again),
    datasets && h("div", { class: "two" }, trainings && trainingForm(datasets, models), evaluations && evaluationForm(datasets, models)),
    trainings && jobsPanel("trainings", trainings, (one) => [addressOf("training", one.id), one.version, `${one.dataset} / ${one.held_out}`, stageOf(one)]),
    evaluations && jobsPanel("evaluations", evaluations, (one) => [addressOf("evaluation", one.id), one.model, one.dataset, evaluationState(one)]),
  ];
}

/** What a call gives, or null where the reader's key does not allow it. */
async function orNone(call) {
  try {
    return await call();
  } catch (error) {
    if (error.problem?.status === 403) return null;
    throw error;
  }
}

function versionsPanel(models, again) {
  const previous = models.find((one) => one.is_previous);
  const back = previous && button(`${say("models.rollback")}…`, () => goBack(previous.version, again));
  const heads = ["version", "state", "date", "startedFrom", "documents", "f1", "actions"].map((head) => say(`models.${head}`));
  return h(
    "section",
    { class: "panel sheet" },
    h("div", { class: "panel-head" }, h("h2", {}, say("nav.models")), h("div", { class: "controls" }, models.length > 1 && comparer(models), back)),
    h("p", { class: "hint" }, say("models.about")),
    table(say("nav.models"), heads, models.map((one) => versionRow(one, again))),
  );
}

function versionRow(one, again) {
  const badges = [
    one.is_current && h("span", { class: "badge current" }, say("models.current")),
    one.is_previous && h("span", { class: "badge" }, say("models.previous")),
    one.is_shipped && h("span", { class: "badge" }, say("models.shipped")),
  ];
  const actions = one.is_current
    ? []
    : [
        button(`${say("models.promote")}…`, () => promote(one.version, again), { class: "quiet" }),
        !one.is_shipped && button(`${say("models.remove")}…`, () => remove(one.version, again), { class: "quiet danger" }),
      ];
  return [
    h("a", { href: addressOf("version", one.version) }, one.version),
    h("div", { class: "controls" }, badges),
    one.date ?? "–",
    one.started_from ?? "–",
    h("td", { class: "number" }, one.documents === null ? "–" : String(one.documents)),
    h("td", { class: "number" }, percent(one.f1)),
    h("div", { class: "controls" }, actions),
  ];
}

function comparer(models) {
  const choice = (index) => h("select", { "aria-label": say("models.version") }, models.map((one, at) => h("option", { value: one.version, selected: at === index }, one.version)));
  const [first, second] = [choice(Math.max(0, models.findIndex((one) => one.is_current))), choice(models.length - 1)];
  const compare = () => (location.hash = addressOf("compare", first.value, second.value));
  return [first, second, button(say("models.compare"), compare)];
}

function jobsPanel(name, jobs, cells) {
  const heads = ["name", "data", "state", "author", "created"].map((head) => say(`models.${head}`));
  const rows = jobs.map((one) => {
    const [address, words, data, state] = cells(one);
    return [h("a", { href: address }, words), data, state, one.author, moment(one.created)];
  });
  return h(
    "section",
    { class: "panel sheet" },
    h("h2", {}, say(`models.${name}`)),
    rows.length > 0 ? table(say(`models.${name}`), heads, rows) : h("p", { class: "empty" }, say("models.noJobs")),
  );
}

/** A job's state as a badge. */
export function stateBadge(state) {
  return h("span", { class: `badge ${state}` }, nameOf("jobStates", state));
}

function stageOf(one) {
  const stage = one.state === "running" && one.stage ? ` ${nameOf("stages", one.stage)}` : "";
  return h("span", {}, stateBadge(one.state), stage);
}

function evaluationState(one) {
  const spans = one.result ? ` F1 ${percent(one.result.scores.spans?.f1)}` : one.state === "running" && one.total ? ` ${one.done} / ${one.total}` : "";
  return h("span", {}, stateBadge(one.state), spans);
}
