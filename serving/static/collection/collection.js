// One collection: pick an indicator and subjects; chart, table, sources; what does not fit.

import { button, field, h, saveAs } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { nameOf, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { getCells, getCollection, getFindings, getWorkbook } from "./calls.js";
import { SeriesChart } from "./chart.js";
import { kindOf, kinds, subjectsOf } from "./data.js";
import { Findings } from "./findings.js";
import { cellGrid } from "./grid.js";
import { nameOfCollection, progressOf } from "./list.js";
import { IndicatorPicker, SubjectPicker } from "./picker.js";
import { sourcesPanel } from "./sources.js";

const UNITS = ["元", "万元", "亿元"];
const UNFINISHED = ["queued", "running"];
/** Milliseconds between two looks at a collection that is being read. */
const PAUSE = 4000;

export class CollectionPage {
  /** The panels of a collection; while it is read, they are shown anew as it goes on. */
  static async open(visit, id, indicator) {
    const [found, findings] = await Promise.all([getCollection(id), getFindings(id)]);
    const isUnfinished = UNFINISHED.includes(found.state);
    if (isUnfinished) setTimeout(() => visit.isOn() && visit.again(), PAUSE);
    const page = new CollectionPage(id, found, findings);
    if (found.indicators.length === 0) return [page.head(isUnfinished), h("p", { class: "empty" }, isUnfinished ? say("loading") : say("collections.empty"))];
    const known = found.indicators.some((one) => one.indicator_id === indicator);
    await page.pick(known ? indicator : found.indicators[0].indicator_id);
    return [page.head(isUnfinished), ...page.parts()];
  }

  constructor(id, found, findings) {
    Object.assign(this, { id, found, cells: [], amountUnit: "亿元" });
    this.problem = problemBox();
    this.indicators = new IndicatorPicker(found.indicators, (indicator) => this.go(indicator));
    this.subjects = new SubjectPicker(() => this.draw());
    this.measure = h("select", { on: { change: () => this.draw() } });
    const units = UNITS.map((unit) => h("option", { value: unit, selected: unit === this.amountUnit }, nameOf("units", unit)));
    this.unit = h("select", { on: { change: () => this.takeUnit() } }, units);
    this.chart = new SeriesChart((cell) => this.show(cell));
    this.grid = h("div", {});
    this.sources = sourcesPanel(id, null);
    this.findings = new Findings(findings, (finding) => this.showFinding(finding));
  }

  head(isUnfinished) {
    const { reports, statements, cells } = this.found;
    const save = () => attempt(this.problem, async () => saveAs(await getWorkbook(this.id, this.amountUnit), "series.xlsx"));
    return h(
      "section",
      { class: "panel sheet" },
      h("p", {}, h("a", { href: addressOf() }, `← ${say("collections.nav")}`)),
      h("h2", {}, nameOfCollection(this.found)),
      h("p", {}, progressOf(this.found), isUnfinished && ` ${say("collections.working")}`),
      h("p", { class: "hint" }, say("collections.counts")({ reports: reports.length, statements, cells })),
      h("div", { class: "controls" }, button(say("collections.workbook"), save)),
      this.problem,
    );
  }

  parts() {
    const controls = h("div", { class: "controls" }, field(say("collections.measure"), this.measure), field(say("collections.unit"), this.unit));
    this.title = h("h2", {}, "");
    const shown = h("section", { class: "panel sheet" }, h("div", { class: "panel-head" }, this.title, controls), this.chart.box, this.grid);
    const picking = h("section", { class: "panel sheet picking" }, h("h2", { class: "hidden" }, say("collections.pick")), this.indicators.box, this.subjects.box);
    this.middle = h("div", { class: "series-columns" }, picking, shown, this.sources);
    // The chart needs its box on the page.
    requestAnimationFrame(() => this.draw());
    return [this.middle, this.findings.box];
  }

  /** Pick an indicator, and say so in the address without a new entry for each. */
  async go(indicator) {
    history.replaceState(null, "", addressOf(this.id, indicator));
    await attempt(this.problem, async () => {
      await this.pick(indicator);
      this.draw();
    });
  }

  async pick(indicator) {
    this.indicators.choose(indicator);
    const cells = await getCells(this.id, indicator);
    if (this.indicators.chosen !== indicator) return;
    this.cells = cells;
    this.subjects.offer(subjectsOf(cells));
    this.findings.follow(indicator);
    this.offerKinds();
  }

  offerKinds(chosen) {
    const offered = kinds(this.cells, this.amountUnit);
    const key = chosen ?? offered[0]?.key;
    this.measure.replaceChildren(...offered.map((one) => h("option", { value: one.key, selected: one.key === key }, one.words)));
  }

  takeUnit() {
    this.amountUnit = this.unit.value;
    this.offerKinds(this.measure.value);
    this.draw();
  }

  draw() {
    const name = this.cells[0]?.indicator_name ?? "";
    this.title.textContent = name;
    const cells = this.cells.filter((cell) => kindOf(cell) === this.measure.value && this.subjects.chosen.has(cell.subject_id));
    this.chart.draw(cells, name, this.amountUnit);
    this.grid.replaceChildren(cellGrid(cells, this.amountUnit, (cell) => this.show(cell)));
  }

  /** Show the statements of a cell. */
  show(cell) {
    const panel = sourcesPanel(this.id, cell);
    this.sources.replaceWith(panel);
    this.sources = panel;
    for (const one of this.grid.querySelectorAll("[data-cell]")) one.setAttribute("aria-current", String(Number(one.dataset.cell) === cell.cell_id));
    panel.querySelector("h2").focus({ preventScroll: true });
    if (innerWidth < 1100) panel.scrollIntoView({ block: "nearest" });
  }

  /** Show what a finding is about: its indicator, its measure, its cell. */
  async showFinding(finding) {
    if (this.indicators.chosen !== finding.indicator_id) await this.go(finding.indicator_id);
    const cell = this.cells.find((one) => one.cell_id === finding.cell_id);
    if (!cell) return;
    this.subjects.chosen.add(cell.subject_id);
    this.subjects.draw();
    this.offerKinds(kindOf(cell));
    this.draw();
    this.show(cell);
    this.middle.scrollIntoView({ block: "start" });
  }
}
