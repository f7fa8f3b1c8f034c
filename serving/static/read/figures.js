// Charts of a report: values by indicator, growth ranked, what totals are made of, how far projects are.

import { Chart, axis, colour, tooltip } from "../common/charts.js";
import { h } from "../common/dom.js";
import { growthInWords, unitInWords, valueInWords } from "../common/numbers.js";
import { nameOf, say } from "../common/strings.js";
import { MOST, breakdowns, growths, nameOfFact, progress, units, values } from "./series.js";
import { STATUSES } from "./report.js";

const KINDS = ["values", "growths", "breakdowns", "progress"];
const ROW = 26;
const STATUS_COLOURS = { actual: "INDICATOR", target: "GROWTH", forecast: "RATIO", budget: "QUANTITY" };

/** Draws charts in `box`; calls `onSelect(fact)` when the reader picks what stands for one. */
export class Figures {
  constructor(box, onSelect) {
    this.onSelect = onSelect;
    this.kind = "values";
    this.chosen = {};
    this.choices = h("div", { class: "segments", role: "group" });
    this.select = h("select", { on: { change: () => this.choose(this.select.value) } });
    this.note = h("p", { class: "hint", role: "status" });
    this.frame = h("div", { class: "chart" });
    this.scroll = h("div", { class: "chart-box", tabindex: 0 }, this.frame);
    this.chart = new Chart(this.frame);
    box.append(h("div", { class: "controls" }, this.choices, this.select), this.note, this.scroll);
  }

  /** Draw the charts of a report, with amounts in a unit. */
  show(report, amountUnit) {
    Object.assign(this, { report, amountUnit });
    this.draw();
  }

  choose(value) {
    this.chosen[this.kind] = value;
    this.draw();
  }

  draw() {
    this.choices.setAttribute("aria-label", say("charts.kind"));
    this.choices.replaceChildren(...KINDS.map((kind) => this.choice(kind)));
    this.select.hidden = true;
    const option = this[this.kind]();
    this.frame.hidden = !option;
    if (!option) {
      this.note.textContent = say("charts.none");
      return;
    }
    const { rows, ...rest } = option;
    this.frame.style.height = `${Math.max(240, rows * ROW + 70)}px`;
    this.chart.draw(rest, `${say(`charts.${this.kind}`)}. ${this.note.textContent}`).then(() => {
      this.chart.onPick((data) => data?.fact && this.onSelect(data.fact));
    });
  }

  choice(kind) {
    const change = () => {
      this.kind = kind;
      this.draw();
      this.choices.querySelector("[aria-pressed='true']").focus();
    };
    const attributes = { type: "button", "aria-pressed": kind === this.kind, on: { click: change } };
    return h("button", attributes, say(`charts.${kind}`));
  }

  offer(label, options) {
    const chosen = options.find(([value]) => value === this.chosen[this.kind])?.[0] ?? options[0][0];
    this.select.setAttribute("aria-label", label);
    this.select.replaceChildren(...options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
    this.select.hidden = options.length < 2;
    return chosen;
  }

  values() {
    const found = units(this.report);
    if (found.length === 0) return null;
    const words = ({ unit, count }) => [unit, `${unitInWords(unit, this.amountUnit)} (${count})`];
    const unit = this.offer(say("charts.unit"), found.map(words));
    const rows = values(this.report, unit, this.amountUnit);
    this.count(rows.length);
    const shown = rows.slice(0, MOST);
    const option = bars(shown, ({ fact }) => valueInWords(fact.value, this.amountUnit), ({ fact }) =>
      colour(STATUS_COLOURS[fact.status] ?? "other"),
    );
    const used = STATUSES.filter((status) => shown.some(({ fact }) => fact.status === status));
    option.legend = used.length > 1 ? legend() : undefined;
    // One series a status, so that the legend names the colours; each holds its own rows only.
    option.series = used.map((status) => ({
      ...option.series[0],
      name: nameOf("statuses", status),
      stack: "one",
      color: colour(STATUS_COLOURS[status]),
      data: option.series[0].data.map((datum) => (datum.fact.status === status ? datum : { value: null, fact: datum.fact })),
    }));
    return option;
  }

  growths() {
    const rows = growths(this.report);
    if (rows.length === 0) return null;
    this.count(rows.length);
    const option = bars(trimmed(rows), ({ fact }) => growthInWords(fact.growth), ({ size }) => colour(size < 0 ? "down" : "up"));
    return option;
  }

  breakdowns() {
    const found = breakdowns(this.report, this.amountUnit);
    if (found.length === 0) return null;
    const words = ({ whole }) => [whole.id, `${nameOfFact(whole)} ${valueInWords(whole.value, this.amountUnit)}`];
    const id = this.offer(say("charts.whole"), found.map(words));
    const { whole, size, parts, rest } = found.find((one) => one.whole.id === id);
    const isOver = parts.reduce((sum, { size }) => sum + size, 0) > size * 1.001;
    this.note.textContent = words({ whole })[1] + (isOver ? say("charts.over") : "");
    const data = parts.map(({ fact, size: part }) => ({
      name: nameOfFact(fact),
      value: part,
      fact,
      words: valueInWords(fact.value, this.amountUnit),
    }));
    if (rest > 0) data.push({ name: say("charts.rest"), value: rest, itemStyle: { color: colour("line") } });
    const kinds = ["INDICATOR", "AMOUNT", "GROWTH", "RATIO", "PROJECT", "QUANTITY", "PERIOD"];
    const label = { color: colour("ink"), formatter: ({ name, percent }) => `${shortened(name, 14)}\n${percent}%` };
    const about = ({ data: datum, percent }) => `${datum.name}\n${datum.words ?? ""} ${percent}%`;
    return {
      rows: 12,
      color: kinds.map(colour),
      tooltip: tooltip({ formatter: about }),
      series: [{ type: "pie", radius: ["35%", "65%"], data, label, itemStyle: { borderColor: colour("panel"), borderWidth: 2 } }],
    };
  }

  progress() {
    const rows = progress(this.report);
    if (rows.length === 0) return null;
    this.count(rows.length);
    const option = bars(rows.slice(0, MOST), ({ fact }) => valueInWords(fact.value), () => colour("PROJECT"));
    option.xAxis.max = Math.max(100, rows[0].size);
    Object.assign(option.series[0], { showBackground: true, backgroundStyle: { color: colour("hover") } });
    return option;
  }

  count(found) {
    this.note.textContent = say("charts.count")(Math.min(found, MOST), found);
  }
}

/** The rows at both ends, where there are more than a picture holds. */
function trimmed(rows) {
  return rows.length <= MOST ? rows : [...rows.slice(0, MOST / 2), ...rows.slice(-MOST / 2)];
}

function bars(rows, words, paint) {
  const data = rows.map((row) => ({
    value: row.size,
    fact: row.fact,
    itemStyle: { color: paint(row) },
    label: { position: row.size < 0 ? "left" : "right" },
  }));
  const label = { show: true, color: colour("ink"), formatter: ({ dataIndex, value }) => (value === null ? "" : words(rows[dataIndex])) };
  const about = ({ dataIndex }) => `${nameOfFact(rows[dataIndex].fact)}\n${words(rows[dataIndex])}`;
  return {
    rows: rows.length,
    grid: { left: 8, right: 110, top: 24, bottom: 8, containLabel: true },
    tooltip: tooltip({ trigger: "item", formatter: about }),
    xAxis: axis({ type: "value", position: "top" }),
    yAxis: axis({
      type: "category",
      inverse: true,
      data: rows.map((row) => nameOfFact(row.fact)),
      axisTick: { show: false },
      axisLabel: { color: colour("ink"), formatter: (name) => shortened(name, 16), interval: 0 },
      splitLine: { show: false },
    }),
    series: [{ type: "bar", data, label, barMaxWidth: 16, cursor: "pointer" }],
  };
}

function legend() {
  return { bottom: 0, textStyle: { color: colour("ink") } };
}

function shortened(name, most) {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
