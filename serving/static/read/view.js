// The reading view: a report's text and facts side by side, each leading to the other; charts; downloads; correcting.

import { $, h, saveAs } from "../common/dom.js";
import { attempt } from "../common/problems.js";
import { factsOf, fileOf } from "../common/service.js";
import { nameOf, say } from "../common/strings.js";
import { Desk } from "../correct/desk.js";
import { SaveDialog } from "../correct/save.js";
import { getReport } from "../collection/calls.js";
import { getDocument } from "../datasets/calls.js";
import { FactTable } from "./facts.js";
import { Figures } from "./figures.js";
import { takeReports } from "./input.js";
import { Reader } from "./reader.js";
import { STATUSES, entityIds, indexReport, isDoubtful } from "./report.js";

const UNITS = ["元", "万元", "亿元"];

export class ReadView {
  constructor() {
    this.report = null;
    this.place = null;
    this.name = "report";
    this.reader = new Reader($("reader"), $("legend"), (id) => this.choose(id));
    const parts = { head: $("head"), body: $("rows"), box: $("table-box"), count: $("count") };
    this.table = new FactTable(parts, (fact) => this.chooseFact(fact));
    this.figures = new Figures($("figures-box"), (fact) => this.chooseFact(fact));
    this.desk = new Desk(this, $("reader"));
    this.saving = new SaveDialog(this, this.desk);
    this.isCharted = false;
    takeReports(this);
    this.listen();
  }

  listen() {
    $("search").addEventListener("input", () => this.table.setFilter({ words: $("search").value.trim() }));
    $("status-filter").addEventListener("change", () => this.table.setFilter({ status: $("status-filter").value }));
    $("doubtful").addEventListener("change", () => this.table.setFilter({ doubtful: $("doubtful").checked }));
    $("as-table").addEventListener("click", () => this.showCharts(false));
    $("as-charts").addEventListener("click", () => this.showCharts(true));
    for (const format of ["xlsx", "csv", "json"]) $(`download-${format}`).addEventListener("click", () => this.download(format));
    addEventListener("beforeunload", (event) => this.desk.draft?.isUnsaved && event.preventDefault());
  }

  /** Show a report that was read; `name` is that of its file, `from` the document of a data set it was made of. */
  open(report, name, from = null) {
    this.kept = null;
    this.place = from ? { dataset: from.dataset, id: from.document.id, version: from.version } : null;
    this.name = name;
    this.report = indexReport(report);
    $("results").hidden = false;
    this.reader.show(this.report);
    this.table.show(this.report);
    this.desk.take(this.report, from?.document);
    this.showWords();
    this.drawCharts();
    $("results").scrollIntoView({ block: "start" });
  }

  /** Open a document of a data set; nothing happens where it is open already. */
  async openDocument(dataset, id, version) {
    if (this.place?.dataset === dataset && this.place.id === id && !version) return;
    if (!this.mayLeave()) return;
    await attempt($("problem"), async () => {
      $("status").textContent = say("reading_");
      const found = await getDocument(dataset, id, version);
      const report = await factsOf(found.document, found.document.meta?.year);
      this.open({ ...report, text: found.document.text }, id, { dataset, ...found });
      $("text").value = found.document.text;
      $("status").textContent = say("read.opened")({ dataset, id, version: found.version });
    });
  }

  /** Open a report of a collection at the fact that has this place; nothing is read again where it is open already. */
  async openKept(id, number, start, end) {
    const kept = [id, number].join("/");
    if (this.kept !== kept || !this.report) {
      if (!this.mayLeave()) return;
      await attempt($("problem"), async () => {
        $("status").textContent = say("reading_");
        const report = await getReport(id, number);
        const name = say("collections.reportName")(number, report.document.title);
        this.open(report, name);
        this.kept = kept;
        $("text").value = report.text;
        $("status").textContent = say("collections.opened")({ name });
      });
    }
    const fact = this.report?.facts.find((one) => one.start === Number(start) && one.end === Number(end));
    if (this.kept === kept && fact) this.chooseFact(fact);
  }

  /** Whether the reader lets unsaved corrections go. */
  mayLeave() {
    return !this.desk.draft?.isUnsaved || confirm(say("correct.leave"));
  }

  /** Take the facts of changed annotations. */
  showChanged(report) {
    this.report = report;
    this.table.update(report);
    this.reader.report = report;
    this.showWords();
    this.drawCharts();
  }

  choose(id) {
    const facts = this.report.factsOf.get(id) ?? [];
    const marked = facts.length > 0 ? [...new Set([id, ...facts.flatMap(entityIds)])] : [id];
    this.table.mark(facts.map((fact) => fact.id), { scroll: true });
    this.reader.mark(marked, { scroll: false });
    this.desk.select(id);
  }

  chooseFact(fact) {
    this.table.mark([fact.id], { scroll: false });
    this.reader.mark(entityIds(fact), { scroll: true });
    this.desk.select((fact.value ?? fact.growth)?.entity ?? null);
  }

  showCharts(isCharted) {
    this.isCharted = isCharted;
    $("as-table").setAttribute("aria-pressed", String(!isCharted));
    $("as-charts").setAttribute("aria-pressed", String(isCharted));
    $("table-part").hidden = isCharted;
    $("figures-box").hidden = !isCharted;
    this.drawCharts();
  }

  drawCharts() {
    if (this.isCharted && this.report) this.figures.show(this.report, this.table.amountUnit);
  }

  showWords() {
    const { report } = this;
    if (!report) return;
    $("summary-words").textContent = say("figures")({
      characters: report.characters.toLocaleString(),
      entities: report.entities.length,
      facts: report.facts.length,
      doubtful: report.facts.filter(isDoubtful).length,
      model: report.model === "annotations" ? say("read.annotations") : report.model,
      year: report.document.reference_year ?? say("noYear"),
    });
    $("notices").hidden = report.notices.length === 0;
    $("notices").querySelector("summary").textContent = say("notices")(report.notices.length);
    $("notices").querySelector("ul").replaceChildren(...report.notices.map((notice, index) => this.noticeItem(notice, index)));
  }

  noticeItem(notice, index) {
    if (notice.start === undefined) return h("li", {}, notice.message);
    const show = () => this.reader.reveal(index);
    return h("li", {}, h("button", { type: "button", class: "link", on: { click: show } }, notice.message));
  }

  async download(format) {
    await attempt($("problem"), async () => {
      const report = { ...this.report.original, facts: this.report.original.facts.map(({ isCorrected, ...fact }) => fact) };
      const blob =
        format === "json"
          ? new Blob([JSON.stringify(report, null, 2)], { type: "application/json" })
          : await fileOf(report, this.name, format);
      saveAs(blob, `${this.name.replace(/\.[^.]*$/, "")}.${format}`);
    });
  }

  /** What a document of this report could be called in a data set. */
  suggestedId() {
    const name = this.name === "report.txt" ? (this.report.document.title ?? this.report.text.trim().split("\n")[0]) : this.name;
    return name.replace(/\.[^.]*$/, "").replace(/[/\\\p{Cc}]/gu, "-").slice(0, 80) || "report";
  }

  /** Write all words again: the language or the theme has changed. */
  redraw() {
    const filter = $("status-filter");
    const chosen = filter.value;
    const options = STATUSES.map((status) => new Option(nameOf("statuses", status), status));
    filter.replaceChildren(new Option(say("allStatuses"), ""), ...options);
    filter.value = chosen;
    $("units").replaceChildren($("units").querySelector("legend"), ...UNITS.map((unit) => this.unitChoice(unit)));
    this.table.draw();
    $("status").textContent = "";
    if (!this.report) return;
    this.reader.show(this.report);
    this.showWords();
    this.drawCharts();
    this.desk.showState();
    this.desk.select(this.desk.selected);
  }

  unitChoice(unit) {
    const change = () => {
      this.table.setAmountUnit(unit);
      this.drawCharts();
    };
    const choice = h("input", { type: "radio", name: "unit", value: unit, checked: this.table.amountUnit === unit, on: { change } });
    return h("label", {}, choice, h("span", {}, nameOf("units", unit)));
  }
}
