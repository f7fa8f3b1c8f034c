// The facts as a table: sorted by its headers, filtered by the fields above it, moved through with the arrow keys.

import { h } from "../common/dom.js";
import { magnitude } from "../common/numbers.js";
import { say } from "../common/strings.js";
import { cellsOf, periodInWords } from "./cells.js";
import { scrollTo } from "./reader.js";
import { isDoubtful } from "./report.js";

const COLUMNS = ["indicator", "value", "growth", "period", "status", "confidence"];
/** Rows written at once; more are written as the table is scrolled, so that thousands of facts do not hold the page up. */
const CHUNK = 200;

const SORT_KEYS = {
  indicator: (fact) => nameIn(fact),
  value: (fact) => (fact.value ? [fact.value.unit, magnitude(fact.value)] : null),
  growth: (fact) => (fact.growth ? signed(fact.growth) : null),
  period: (fact) => fact.period?.start ?? fact.period?.end ?? null,
  status: (fact) => fact.status,
  confidence: (fact) => fact.confidence,
};

/** Shows facts in a table; calls `onSelect(fact)` when the reader picks a row. */
export class FactTable {
  constructor({ head, body, box, count }, onSelect) {
    Object.assign(this, { head, body, box, count, onSelect });
    this.sort = { column: null, ascending: true };
    this.filter = { words: "", status: "", doubtful: false };
    this.amountUnit = "亿元";
    body.addEventListener("click", (event) => this.pick(event.target.closest("tr")));
    body.addEventListener("keydown", (event) => this.onKey(event));
    box.addEventListener("scroll", () => this.writeMoreWhenNear(), { passive: true });
  }

  show(report) {
    this.report = report;
    this.selected = [];
    this.draw();
  }

  /** Show other facts of the same text, at the place where the reader is. */
  update(report) {
    const { scrollTop } = this.box;
    const { from } = this;
    const written = this.body.childElementCount;
    this.report = report;
    this.draw();
    if (from > 0) this.writeAround(Math.min(from + CHUNK / 4, this.facts.length - 1));
    while (this.body.childElementCount < Math.min(written, this.facts.length - this.from)) this.writeMore();
    this.box.scrollTop = scrollTop;
  }

  setFilter(change) {
    Object.assign(this.filter, change);
    this.draw();
  }

  setAmountUnit(unit) {
    this.amountUnit = unit;
    this.draw();
  }

  draw() {
    this.drawHead();
    if (!this.report) return;
    this.facts = this.sorted(this.report.facts.filter((fact) => this.fits(fact)));
    this.count.textContent = say("count")(this.facts.length, this.report.facts.length);
    this.from = 0;
    this.body.replaceChildren();
    this.box.scrollTop = 0;
    if (this.facts.length === 0) this.body.append(emptyRow());
    this.writeMore();
  }

  drawHead() {
    const cells = COLUMNS.map((column) => {
      const order = this.sort.column === column ? (this.sort.ascending ? "ascending" : "descending") : "none";
      const sort = h("button", { type: "button", on: { click: () => this.sortBy(column) } }, say(`columns.${column}`));
      return h("th", { scope: "col", class: `column-${column}`, "aria-sort": order }, sort);
    });
    this.head.replaceChildren(...cells);
  }

  sortBy(column) {
    if (this.sort.column !== column) this.sort = { column, ascending: true };
    else if (this.sort.ascending) this.sort.ascending = false;
    else this.sort = { column: null, ascending: true };
    this.draw();
    this.head.querySelector(`.column-${column} button`).focus();
  }

  sorted(facts) {
    const key = SORT_KEYS[this.sort.column];
    if (!key) return facts;
    const sign = this.sort.ascending ? 1 : -1;
    return facts
      .map((fact) => [key(fact), fact])
      .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : sign * compared(a, b)))
      .map(([, fact]) => fact);
  }

  fits(fact) {
    const { words, status, doubtful } = this.filter;
    if (status && fact.status !== status) return false;
    if (doubtful && !isDoubtful(fact)) return false;
    const written = wordsOf(fact);
    return words.toLowerCase().split(/\s+/).every((word) => written.includes(word));
  }

  /** Write the next rows; those written are `facts[from]` and on, as many as the body holds. */
  writeMore() {
    const begin = this.from + this.body.querySelectorAll("tr[data-fact]").length;
    this.body.append(...this.facts.slice(begin, begin + CHUNK).map((fact) => this.row(fact)));
    if (begin === this.from && this.body.firstElementChild?.dataset.fact) this.body.firstElementChild.tabIndex = 0;
  }

  /** Write the rows before those written; the reader stays at the row where he is. */
  writeEarlier() {
    const begin = Math.max(0, this.from - CHUNK);
    const { scrollHeight, scrollTop } = this.box;
    this.body.prepend(...this.facts.slice(begin, this.from).map((fact) => this.row(fact)));
    this.from = begin;
    this.box.scrollTop = scrollTop + this.box.scrollHeight - scrollHeight;
  }

  /** Write only the rows around a fact: a table of thousands of rows would take long to lay out. */
  writeAround(index) {
    this.from = Math.max(0, index - CHUNK / 4);
    this.body.replaceChildren();
    this.writeMore();
  }

  isWritten(index) {
    return index >= this.from && index < this.from + this.body.childElementCount;
  }

  writeMoreWhenNear() {
    if (!this.facts) return;
    const left = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    if (left < 600 && this.from + this.body.childElementCount < this.facts.length) this.writeMore();
    if (this.box.scrollTop < 300 && this.from > 0) this.writeEarlier();
  }

  row(fact) {
    const row = h("tr", { data: { fact: fact.id }, tabindex: -1 }, cellsOf(fact, this.report, this.amountUnit));
    row.classList.toggle("doubtful", isDoubtful(fact));
    row.classList.toggle("selected", this.selected.includes(fact.id));
    return row;
  }

  /** Mark the rows of these facts, and bring the first into view. */
  mark(ids, { scroll }) {
    this.selected = ids;
    const wanted = new Set(ids);
    const first = this.facts.findIndex((fact) => wanted.has(fact.id));
    if (first >= 0 && !this.isWritten(first)) this.writeAround(first);
    for (const row of this.body.children) row.classList.toggle("selected", wanted.has(row.dataset.fact));
    const row = this.body.children[first - this.from];
    if (!row) return;
    this.rove(row);
    if (scroll) scrollTo(this.box, row);
  }

  pick(row) {
    const fact = row && this.facts.find(({ id }) => id === row.dataset.fact);
    if (!fact) return;
    this.rove(row);
    this.onSelect(fact);
  }

  rove(row) {
    const last = this.body.querySelector("tr[tabindex='0']");
    if (last) last.tabIndex = -1;
    row.tabIndex = 0;
  }

  onKey(event) {
    const row = event.target.closest("tr[data-fact]");
    if (!row) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.pick(row);
      return;
    }
    if (event.key === "ArrowUp" && !row.previousElementSibling && this.from > 0) this.writeEarlier();
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (!next) return;
    event.preventDefault();
    this.rove(next);
    next.focus({ preventScroll: true });
    scrollTo(this.box, next);
    this.writeMoreWhenNear();
  }
}

function nameIn(fact) {
  return [fact.indicator, fact.project, fact.subject].filter(Boolean).map((name) => name.text).join(" ");
}

function wordsOf(fact) {
  const parts = [fact.indicator, fact.numerator, fact.project, fact.subject, fact.value, fact.growth];
  const words = parts.filter(Boolean).map((part) => part.text);
  if (fact.period) words.push(periodInWords(fact.period));
  return words.join(" ").toLowerCase();
}

function signed(growth) {
  return (growth.direction === "down" ? -1 : 1) * magnitude(growth);
}

function compared(a, b) {
  if (Array.isArray(a)) return compared(a[0], b[0]) || compared(a[1], b[1]);
  return typeof a === "number" ? a - b : a.localeCompare(b, "zh");
}

function emptyRow() {
  return h("tr", {}, h("td", { class: "column-empty", colspan: COLUMNS.length }, say("noFacts")));
}
