// The statements of one cell: which is preferred and why, each sentence with its report.

import { h } from "../common/dom.js";
import { nameOf, percent, say } from "../common/strings.js";
import { placeInReport } from "./address.js";
import { periodInWords } from "./data.js";

/** The panel of a cell's statements, or of none yet. */
export function sourcesPanel(id, cell) {
  const title = h("h2", { tabindex: -1 }, say("collections.sources"));
  const panel = h("section", { class: "panel sheet sources", "aria-live": "polite" }, title);
  if (!cell) {
    panel.append(h("p", { class: "empty" }, say("collections.pickCell")));
    return panel;
  }
  const words = { subject: cell.subject_name, indicator: cell.indicator_name, period: periodInWords(cell.time_period), status: nameOf("statuses", cell.status) };
  panel.append(h("p", {}, say("collections.sourcesOf")(words)), h("ol", {}, cell.statements.map((one) => statement(id, one, cell))));
  return panel;
}

function statement(id, one, cell) {
  const why = one.is_preferred && say("collections.preferred")(say("collections.why")[cell.why] ?? cell.why);
  const about = [one.report, one.page !== null && say("collections.page")(one.page), percent(one.confidence, 0)];
  return h(
    "li",
    { class: one.is_preferred ? "preferred" : "" },
    h("p", {}, h("b", {}, one.written ?? ""), " ", why && h("span", { class: "badge done" }, why)),
    h("blockquote", { lang: "zh-CN" }, marked(one.sentence ?? "", one.written)),
    h("p", { class: "hint" }, about.filter(Boolean).join(" · ")),
    h("p", {}, h("a", { href: placeInReport(id, one) }, say("collections.openReport"))),
  );
}

/** A sentence with the number that is meant marked in it. */
function marked(sentence, written) {
  const at = written ? sentence.indexOf(written) : -1;
  if (at < 0) return [sentence];
  return [sentence.slice(0, at), h("mark", {}, written), sentence.slice(at + written.length)];
}
