// The service's calls on data sets.

import { ask, getJson, sendJson } from "../common/service.js";

const at = (...parts) => "/v1/datasets" + parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** The data sets: {name, documents, created}. */
export const listDatasets = () => getJson("/v1/datasets");

/** The documents of a data set: {id, version, author, created}. */
export const listDocuments = (name) => getJson(at(name));

/** A document and its version: {document, version}. */
export async function getDocument(name, id, version) {
  const answer = await ask(at(name, "documents", id) + (version ? `?version=${version}` : ""));
  return { document: await answer.json(), version: Number(answer.headers.get("etag").replaceAll('"', "")) };
}

/** Who changed a document, and when; oldest first. */
export const listVersions = (name, id) => getJson(`${at(name, "documents", id)}/versions`);

/** Add documents; all of them, or none. `format` is that of `body`. */
export async function addDocuments(name, body, { format = "zhibiao", id } = {}) {
  const asked = new URLSearchParams({ format, ...(id ? { id } : {}) });
  const headers = { "content-type": "text/plain" };
  return (await ask(`${at(name, "documents")}?${asked}`, { method: "POST", headers, body })).json();
}

/** Save a document that was changed starting from `version`. */
export function saveDocument(name, document, version) {
  return sendJson(at(name, "documents", document.id), document, { method: "PUT", headers: { "if-match": `"${version}"` } });
}

export function deleteDocument(name, id, version) {
  return ask(at(name, "documents", id), { method: "DELETE", headers: { "if-match": `"${version}"` } });
}

/** All documents of a data set as a file. */
export async function exportDocuments(name, format) {
  return (await ask(`${at(name, "documents")}?${new URLSearchParams({ format })}`)).blob();
}

export const getAgreement = (name, other) => getJson(`${at(name, "agreement")}?${new URLSearchParams({ other })}`);

export const splitDataset = (name, wanted) => sendJson(at(name, "split"), wanted);
