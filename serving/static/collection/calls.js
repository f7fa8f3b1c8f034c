// The service's calls on collections.

import { ask, getJson } from "../common/service.js";
import { language } from "../common/strings.js";

const at = (...parts) => "/v1/collections" + parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** The reader's collections, the newest first. */
export const listCollections = () => getJson("/v1/collections");

/** What is in a collection: reports, indicators, subjects. */
export const getCollection = (id) => getJson(at(id));

/** The cells of an indicator, with their statements. */
export const getCells = (id, indicator) => getJson(`${at(id, "cells")}?${new URLSearchParams({ indicator })}`);

/** What does not fit, in the reader's language. */
export const getFindings = (id) => getJson(`${at(id, "findings")}?${new URLSearchParams({ language: language() })}`);

/** A report with its text. */
export const getReport = (id, number) => getJson(at(id, "reports", number));

/** The series as a workbook. */
export async function getWorkbook(id, amountUnit) {
  const asked = new URLSearchParams({ language: language(), amount_unit: amountUnit });
  return (await ask(`${at(id, "file")}?${asked}`)).blob();
}

/** Let the service read files as a collection; gives its id. */
export async function submitReports(files, year) {
  const form = new FormData();
  for (const file of files) form.append("files", file, file.name);
  if (year) form.append("reference_year", year);
  return (await (await ask("/v1/jobs", { method: "POST", body: form })).json()).id;
}
