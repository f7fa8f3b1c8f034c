// What does not fit between the reports of a collection.

import { button, field, h, table } from "../common/dom.js";
import { say } from "../common/strings.js";
import { periodInWords } from "./data.js";

/** Rows that are written at once. */
const CHUNK = 100;
const KINDS = ["conflict", "growth", "revision", "target", "gap"];

/** The panel of findings; `onShow(finding)` leads to what one is about. */
export class Findings {
  constructor(found, onShow) {
    Object.assign(this, { found, onShow, indicator: null });
    const { kinds, everyKind } = say("collections");
    const counts = new Map();
    for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const options = KINDS.filter((kind) => counts.has(kind)).map((kind) => h("option", { value: kind }, `${kinds[kind]} (${counts.get(kind)})`));
    this.kind = h("select", { on: { change: () => this.draw() } }, h("option", { value: "" }, `${everyKind} (${found.length})`), options);
    this.only = h("input", { type: "checkbox", on: { change: () => this.draw() } });
    this.list = h("div", {});
    this.box = h(
      "section",
      { class: "panel sheet findings" },
      h(
        "div",
        { class: "panel-head" },
        h("h2", {}, say("collections.findings")),
        h("div", { class: "controls" }, field(say("collections.kind"), this.kind), h("label", { class: "field check" }, this.only, h("span", {}, say("collections.onlyThis")))),
      ),
      h("p", { class: "hint" }, say("collections.findingsAbout")),
      this.list,
    );
    this.draw();
  }

  /** Take the indicator that is picked. */
  follow(indicator) {
    this.indicator = indicator;
    if (this.only.checked) this.draw();
  }

  draw(count = CHUNK) {
    const shown = this.found.filter(({ kind, indicator_id: id }) => (!this.kind.value || kind === this.kind.value) && (!this.only.checked || id === this.indicator));
    const heads = ["severity", "kind", "what", "said", "show"].map((head) => say(`collections.${head}`));
    const rows = shown.slice(0, count).map((one) => this.row(one));
    const more = shown.length > count && button(say("datasets.more")(shown.length - count), () => this.draw(count + 5 * CHUNK));
    const box = rows.length > 0 ? table(say("collections.findings"), heads, rows) : h("p", { class: "empty" }, say("collections.noFindings"));
    this.list.replaceChildren(box, ...(more ? [more] : []));
  }

  row(one) {
    const { severities, kinds, show } = say("collections");
    const what = `${one.indicator_name} · ${one.subject_name} · ${periodInWords(one.time_period)}`;
    return [
      h("span", { class: `badge ${one.severity}` }, severities[one.severity]),
      kinds[one.kind],
      what,
      one.said,
      button(show, () => this.onShow(one), { "aria-label": `${show}: ${what}` }),
    ];
  }
}
