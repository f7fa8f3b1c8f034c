// One version: its card, scores, reliability, evaluations, and when it was served.

import { button, h, table } from "../common/dom.js";
import { moment, nameOf, percent, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { getModel } from "./calls.js";
import { rendered } from "./card.js";
import { reliabilityPlot, scoreBars } from "./plots.js";
import { promote } from "./promote.js";
import { scoreTable } from "./scores.js";

/** The panels of a version. */
export async function versionPage({ again }, version) {
  const found = await getModel(version);
  const hasScores = Object.keys(found.scores).length > 0;
  const doPromote = !found.is_current && button(`${say("models.promote")}…`, () => promote(version, again), { class: "primary" });
  return [
    h("p", {}, h("a", { href: addressOf() }, `← ${say("nav.models")}`)),
    h(
      "section",
      { class: "panel sheet" },
      h("div", { class: "panel-head" }, h("h2", {}, version, " ", found.is_current && h("span", { class: "badge current" }, say("models.current"))), doPromote),
      facts(found),
    ),
    h(
      "div",
      { class: "two" },
      hasScores && h("section", { class: "panel sheet" }, h("h2", {}, say("models.ownScores")), scoreBars([{ name: version, scores: found.scores }])),
      found.reliability &&
        h(
          "section",
          { class: "panel sheet" },
          h("h2", {}, say("models.reliability")),
          h("p", { class: "hint" }, say("models.ece")(percent(found.reliability.ece))),
          reliabilityPlot([{ name: version, reliability: found.reliability }]),
        ),
    ),
    hasScores && more("models.scores", scoreTable(found.scores)),
    found.card && more("models.card", h("div", { class: "card-text" }, rendered(found.card))),
    found.evaluations.length > 0 && evaluations(found.evaluations),
    found.changes.length > 0 && changes(found.changes),
  ];
}

function more(title, content) {
  return h("details", { class: "panel more" }, h("summary", {}, say(title)), content);
}

function facts(found) {
  const parts = [
    ["date", found.date ?? "–"],
    ["startedFrom", found.started_from ?? "–"],
    ["documents", found.documents ?? "–"],
    ["heldOutCount", found.held_out.length],
    ["f1", percent(found.f1)],
    ["labels", found.labels.map((label) => nameOf("labels", label)).join(" ")],
  ];
  return h("div", { class: "tiles" }, parts.map(([name, value]) => h("div", { class: "tile" }, h("b", { class: name === "labels" ? "small" : "" }, String(value)), h("span", {}, say(`models.${name}`)))));
}

function evaluations(found) {
  const heads = ["data", "spansF1", "linksF1", "factsF1", "author", "created"].map((head) => say(`models.${head}`));
  const rows = found.map((one) => [
    h("a", { href: addressOf("evaluation", one.id) }, one.dataset),
    ...["spans", "links", "facts"].map((name) => h("td", { class: "number" }, percent(one.result.scores[name]?.f1))),
    one.author,
    moment(one.created),
  ]);
  return h("section", { class: "panel sheet" }, h("h2", {}, say("models.evaluations")), table(say("models.evaluations"), heads, rows));
}

function changes(found) {
  const heads = ["change", "version", "before", "author", "created", "reason"].map((head) => say(`models.${head}`));
  const rows = found.map((one) => [
    nameOf("changes", one.kind) + (one.is_forced ? ` (${say("models.forced")})` : ""),
    one.version,
    one.previous,
    one.author,
    moment(one.created),
    one.reason ?? "",
  ]);
  return h("section", { class: "panel sheet" }, h("h2", {}, say("models.history")), table(say("models.history"), heads, rows));
}
