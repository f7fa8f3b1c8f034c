// One evaluation: its progress, then its scores.

import { button, h } from "../common/dom.js";
import { moment, percent, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { cancelJob, getEvaluation, retryJob } from "./calls.js";
import { stateBadge } from "./list.js";
import { reliabilityPlot, scoreBars } from "./plots.js";
import { comparisonTable, scoreTable } from "./scores.js";

const PAUSE = 1500;

/** The panels of an evaluation; shown anew until it has ended. */
export async function evaluationPage(visit, id) {
  const found = await getEvaluation(id);
  if (isUnfinished(found.state)) setTimeout(() => visit.isOn() && visit.again(), PAUSE);
  return [
    h("p", {}, h("a", { href: addressOf() }, `← ${say("nav.models")}`)),
    h(
      "section",
      { class: "panel sheet" },
      h("div", { class: "panel-head" }, h("h2", {}, say("models.evaluationOf")(found.model, found.dataset)), jobControls(found, visit)),
      h("p", { role: "status" }, stateBadge(found.state), ` ${found.total ? `${found.done} / ${found.total}` : ""} ${found.author} ${moment(found.created)}`),
      found.total > 0 && isUnfinished(found.state) && h("progress", { max: found.total, value: found.done }),
      found.error && h("p", { class: "problem" }, found.error),
    ),
    ...(found.result ? resultPanels(found.result) : []),
  ];
}

export function isUnfinished(state) {
  return state === "queued" || state === "running";
}

/** Cancel a job that is at work, or try again one that did not come to its end. */
export function jobControls({ id, state }, visit) {
  if (isUnfinished(state)) return button(say("models.cancelJob"), () => cancelJob(id).then(visit.again), { class: "danger" });
  if (state !== "done") return button(say("models.retry"), () => retryJob(id).then(visit.again));
  return null;
}

/** The scores of a model on a data set, beside those of the model that was served. */
export function resultPanels(result) {
  const { calibration, comparisons, trained_on: seen } = result;
  return [
    seen.length > 0 && h("p", { class: "problem" }, say("models.seen")(seen.length)),
    comparisons.length > 0 &&
      h(
        "section",
        { class: "panel sheet" },
        h("h2", {}, say("models.paired")),
        h("p", { class: "hint" }, say("models.pairedAbout")(result.baseline, result.documents)),
        comparisonTable(comparisons, result.baseline, result.model),
      ),
    h(
      "div",
      { class: "two" },
      h("section", { class: "panel sheet" }, h("h2", {}, say("models.scores")), h("p", { class: "hint" }, say("models.onDocuments")(result.documents, result.characters)), scoreBars([{ name: result.model, scores: result.scores }])),
      h(
        "section",
        { class: "panel sheet" },
        h("h2", {}, say("models.reliability")),
        h("p", { class: "hint" }, say("models.ece")(percent(calibration.spans.ece))),
        reliabilityPlot(["spans", "facts"].filter((kind) => calibration[kind]).map((kind) => ({ name: say(`models.of.${kind}`), reliability: calibration[kind] }))),
      ),
    ),
    h("details", { class: "panel more" }, h("summary", {}, say("models.scores")), scoreTable(result.scores)),
  ];
}
