// The cells of a fact's row.

import { h } from "../common/dom.js";
import { growthInWords, valueInWords } from "../common/numbers.js";
import { nameOf, percent, say } from "../common/strings.js";
import { isDoubtful } from "./report.js";

/** The cells of a fact, in the order of the table's columns. */
export function cellsOf(fact, report, amountUnit) {
  return [
    nameCell(fact, report),
    valueCell(fact, amountUnit),
    growthCell(fact),
    periodCell(fact),
    cell("status", h("span", { class: `badge ${fact.status}` }, nameOf("statuses", fact.status))),
    confidenceCell(fact),
  ];
}

/** A whole year by its name; any other period by its two ends. */
export function periodInWords({ start, end }) {
  if (!start || !end) return `${start ?? "…"} – ${end ?? "…"}`;
  const [from, to] = [start.slice(0, 4), end.slice(0, 4)];
  const isWholeYears = start.endsWith("-01-01") && end.endsWith("-12-31");
  if (isWholeYears) return from === to ? from : `${from}–${to}`;
  return start === end ? start : `${start} – ${end}`;
}

function cell(column, ...content) {
  return h("td", { class: `column-${column}` }, content);
}

function note(words, kind = "") {
  return h("span", { class: `note ${kind}` }, words);
}

function nameCell(fact, report) {
  const parent = fact.parent && report.factById.get(fact.parent);
  return cell(
    "indicator",
    fact.indicator?.text ?? "",
    fact.numerator && note(fact.numerator.text),
    fact.subject && note(fact.subject.text),
    fact.project && note(fact.project.text, "project"),
    parent?.indicator && note(`${say("share")} ${parent.indicator.text}`),
    fact.source && note(sourceInWords(fact.source), "source"),
  );
}

function sourceInWords(source) {
  const parts = ["page", "sheet", "table", "cell"].filter((part) => source[part] !== undefined);
  return parts.map((part) => say(`source.${part}`)(source[part])).join(" · ");
}

/** A period whose dates are not parted at the end of a line. */
function periodCell({ period }) {
  if (!period) return cell("period");
  const [start, end] = periodInWords(period).split(" – ");
  const whole = (words) => h("span", { class: "whole" }, words);
  return end === undefined ? cell("period", whole(start)) : cell("period", whole(`${start} –`), " ", whole(end));
}

function valueCell(fact, amountUnit) {
  if (!fact.value) return cell("value");
  const words = valueInWords(fact.value, amountUnit);
  const isWrittenSo = words.replace(/[\s,]/g, "") === fact.value.text;
  return cell("value", words, !isWrittenSo && note(fact.value.text));
}

function growthCell(fact) {
  if (!fact.growth) return cell("growth");
  const words = growthInWords(fact.growth);
  const made = cell("growth", words);
  made.classList.add(fact.growth.direction ?? "unknown");
  if (fact.growth.direction) made.setAttribute("aria-label", `${nameOf("directions", fact.growth.direction)} ${words}`);
  return made;
}

function confidenceCell(fact) {
  if (fact.isCorrected) return cell("confidence", h("span", { class: "badge corrected" }, say("byHand")));
  return cell("confidence", percent(fact.confidence, 0), isDoubtful(fact) && note(say("doubtful"), "doubt"));
}
