// Scores as tables: of one model, of two side by side, and the paired test between them.

import { h, table } from "../common/dom.js";
import { percent, say } from "../common/strings.js";
import { scoreName } from "../datasets/agreement.js";

const number = (content) => h("td", { class: "number" }, content);

/** Precision, recall and F1 of every score, with the interval where there is one. */
export function scoreTable(scores) {
  const heads = [say("agreement.kind"), "P", "R", "F1", say("models.interval"), say("models.gold")];
  const rows = Object.entries(scores).map(([name, { precision, recall, f1, low, high, gold }]) => [
    scoreName(name),
    number(percent(precision)),
    number(percent(recall)),
    number(h("strong", {}, percent(f1))),
    number(low === null || low === undefined ? "" : `${percent(low)} – ${percent(high)}`),
    number(String(gold)),
  ]);
  return table(say("models.scores"), heads, rows);
}

/** F1 of two models, score by score: `sides` are {name, scores}. */
export function sideBySide([one, other]) {
  const names = Object.keys(one.scores).filter((name) => other.scores[name]);
  const rows = names.map((name) => {
    const [first, second] = [one.scores[name].f1, other.scores[name].f1];
    return [scoreName(name), number(percent(first)), number(percent(second)), number(difference(second - first))];
  });
  return table(say("models.sideBySide"), [say("agreement.kind"), one.name, other.name, say("models.difference")], rows);
}

/** The paired comparisons of a candidate with the model that was served: F1 of both, difference, interval, p. */
export function comparisonTable(comparisons, baseline, candidate) {
  const heads = [say("agreement.kind"), baseline, candidate, say("models.difference"), say("models.interval"), "p"];
  const rows = comparisons.map((one) => [
    scoreName(one.score),
    number(percent(one.first_f1)),
    number(percent(one.second_f1)),
    number(difference(one.difference)),
    number(`${points(one.low)} – ${points(one.high)}`),
    number(one.p_randomization.toFixed(3)),
  ]);
  return table(say("models.paired"), heads, rows);
}

function difference(value) {
  const kind = Math.abs(value) < 0.0005 ? "" : value > 0 ? "better" : "worse";
  return h("span", { class: kind }, points(value));
}

/** A difference of two shares in percentage points. */
function points(value) {
  return `${value > 0 ? "+" : ""}${(value * 100).toFixed(1)}`;
}
