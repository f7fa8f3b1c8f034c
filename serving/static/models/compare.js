// Two versions side by side: scores by label, and how far their confidences can be trusted.

import { field, h } from "../common/dom.js";
import { percent, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { getModel } from "./calls.js";
import { reliabilityPlot, scoreBars } from "./plots.js";
import { comparisonTable, sideBySide } from "./scores.js";

const OWN = "";

/** The panels of the comparison of two versions, on a data set that both were evaluated on. */
export async function comparePage(_, one, other) {
  const models = await Promise.all([one, other].map(getModel));
  const shared = models[0].evaluations.map(({ dataset }) => dataset).filter((name, index, all) => all.indexOf(name) === index && models[1].evaluations.some(({ dataset }) => dataset === name));
  const content = h("div", { class: "view" });
  const basis = h(
    "select",
    { on: { change: () => draw() } },
    shared.map((name) => h("option", { value: name }, name)),
    h("option", { value: OWN }, say("models.ownHeldOut")),
  );
  const draw = () => content.replaceChildren(...(basis.value === OWN ? own(models) : evaluated(models, basis.value)).filter(Boolean));
  draw();
  return [
    h("p", {}, h("a", { href: addressOf() }, `← ${say("nav.models")}`)),
    h("section", { class: "panel sheet" }, h("h2", {}, say("models.compareTitle")(one, other)), h("div", { class: "controls" }, field(say("models.basis"), basis))),
    content,
  ];
}

/** Each on what its own training held out: the texts may differ. */
function own(models) {
  const digests = models.map(({ held_out: texts }) => [...texts].sort().join());
  const note = digests[0] === digests[1] ? say("models.sameTexts") : say("models.otherTexts");
  const sides = models.map(({ version, scores, reliability }) => ({ name: version, scores, reliability }));
  return panels(sides, note);
}

function evaluated(models, dataset) {
  const results = models.map(({ evaluations }) => evaluations.find((one) => one.dataset === dataset).result);
  const sides = results.map((result) => ({ name: result.model, scores: result.scores, reliability: result.calibration.spans }));
  const [first, second] = results;
  const paired = [second, first].find((result) => result.comparisons.length > 0 && [first.model, second.model].includes(result.baseline) && result.baseline !== result.model);
  const test = paired && h("section", { class: "panel sheet" }, h("h2", {}, say("models.paired")), comparisonTable(paired.comparisons, paired.baseline, paired.model));
  return [...panels(sides, say("models.onDocuments")(first.documents, first.characters)), test];
}

function panels(sides, note) {
  const known = sides.filter(({ reliability }) => reliability);
  return [
    h("p", { class: "hint" }, note),
    h(
      "div",
      { class: "two" },
      h("section", { class: "panel sheet" }, h("h2", {}, say("models.scores")), scoreBars(sides)),
      known.length > 0 &&
        h(
          "section",
          { class: "panel sheet" },
          h("h2", {}, say("models.reliability")),
          h("p", { class: "hint" }, known.map(({ name, reliability }) => `${name}: ${say("models.ece")(percent(reliability.ece))}`).join(" ")),
          reliabilityPlot(known),
        ),
    ),
    h("section", { class: "panel sheet" }, h("h2", {}, say("models.sideBySide")), sideBySide(sides)),
  ];
}
