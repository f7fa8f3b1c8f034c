// Speaks to the service that this page came from.

import { language } from "./strings.js";

/** An answer that is a problem document; `problem` holds its detail, remedy and faults. */
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

function headers(more = {}) {
  const key = sessionStorage.getItem(KEY);
  return key ? { authorization: `Bearer ${key}`, ...more } : more;
}

/** The report of a text. */
export async function extractText(text, options, signal) {
  const response = await fetch("/v1/extract", {
    method: "POST",
    headers: headers({ "content-type": "application/json" }),
    body: JSON.stringify({ text, ...options }),
    signal,
  });
  return { ...(await checked(response).then((good) => good.json())), text };
}

/** The report of a file; its `text` is what the service read in it. */
export async function extractFile(file, options, signal) {
  return (await postFile(file, options, "json", signal)).json();
}

/** The facts of a file as a file: "csv" or "xlsx". */
export async function download(file, options, format) {
  return (await postFile(file, options, format)).blob();
}

async function postFile(file, options, format, signal) {
  const form = new FormData();
  form.append("file", file, file.name);
  for (const [name, value] of Object.entries(options)) form.append(name, value);
  const asked = new URLSearchParams({ format, language: language() });
  return checked(await fetch(`/v1/extract/file?${asked}`, { method: "POST", body: form, headers: headers(), signal }));
}

async function checked(response) {
  if (response.ok) return response;
  const kind = response.headers.get("content-type") ?? "";
  const problem = kind.startsWith("application/problem+json")
    ? await response.json()
    : { detail: `${response.status} ${response.statusText}`, remedy: "" };
  throw new ProblemError(problem);
}
