// Speaks to the service that this page came from.

import { language, say } from "./strings.js";

/** An answer that is a problem document; `problem` holds its status, detail, remedy and faults. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

const KEY = "zhibiao.key";

/** Send this API key with every request of this tab from now on. */
export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

/** Whether this tab has a key. */
export function hasKey() {
  return sessionStorage.getItem(KEY) !== null;
}

/** The answer to a request of this service; ProblemError where it is not a good one. */
export async function ask(path, { method = "GET", headers = {}, body, signal } = {}) {
  const key = sessionStorage.getItem(KEY);
  const all = key ? { authorization: `Bearer ${key}`, ...headers } : headers;
  let response;
  try {
    response = await fetch(path, { method, headers: all, body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ProblemError({ status: 0, detail: say("unreachable") });
  }
  if (response.ok) return response;
  const kind = response.headers.get("content-type") ?? "";
  throw new ProblemError(
    kind.startsWith("application/problem+json")
      ? await response.json()
      : { status: response.status, detail: `${response.status} ${response.statusText}` },
  );
}

/** The JSON that a path answers with. */
export async function getJson(path, signal) {
  return (await ask(path, { signal })).json();
}

/** Send JSON, get JSON. */
export async function sendJson(path, body, { method = "POST", headers = {}, signal } = {}) {
  return (await postJson(path, body, { method, headers, signal })).json();
}

function postJson(path, body, { method = "POST", headers = {}, signal } = {}) {
  const all = { "content-type": "application/json", ...headers };
  return ask(path, { method, headers: all, body: JSON.stringify(body), signal });
}

/** The report of a text. */
export async function extractText(text, options, signal) {
  return { ...(await sendJson("/v1/extract", { text, ...options }, { signal })), text };
}

/** The report of a file; its `text` is what the service read in it. */
export async function extractFile(file, options, signal) {
  const form = new FormData();
  form.append("file", file, file.name);
  for (const [name, value] of Object.entries(options)) form.append(name, value);
  return (await ask("/v1/extract/file", { method: "POST", body: form, signal })).json();
}

/** The report that annotations state. */
export function factsOf(annotated, year, signal) {
  return sendJson("/v1/reports/facts", { document: annotated, reference_year: year }, { signal });
}

/** A report as a file: "csv" or "xlsx". */
export async function fileOf(report, name, format) {
  const asked = new URLSearchParams({ format, language: language() });
  return (await postJson(`/v1/reports/file?${asked}`, { report, name: name.slice(0, 300) })).blob();
}
