// The line chart of a collection: a line a subject, targets, forecasts and budgets marked, each point a cell.

import { Chart, axis, colour, tooltip } from "../common/charts.js";
import { h } from "../common/dom.js";
import { nameOf, say } from "../common/strings.js";
import { cellInWords, heightOf, periodInWords, periodsOf, subjectsOf } from "./data.js";

const COLOURS = ["INDICATOR", "GROWTH", "AMOUNT", "PROJECT", "RATIO", "QUANTITY", "other", "PERIOD"];
const SYMBOLS = { actual: "circle", target: "diamond", forecast: "triangle", budget: "rect" };
const LINES = { actual: "solid", target: "dashed", forecast: "dotted", budget: "dashed" };

/** More lines than these are no picture any more. */
export const MOST = COLOURS.length;

/** Draws cells; calls `onPick(cell)` when the reader picks a point. */
export class SeriesChart {
  constructor(onPick) {
    this.onPick = onPick;
    this.frame = h("div", { class: "chart series" });
    this.note = h("p", { class: "hint", role: "status" });
    this.box = h("div", {}, this.note, this.frame);
    this.chart = new Chart(this.frame);
  }

  /** Draw the cells of some subjects; `name` is what they are of. */
  draw(cells, name, amountUnit) {
    const periods = periodsOf(cells, { onlyYears: true }).filter((period) => period !== null);
    const subjects = subjectsOf(cells).slice(0, MOST);
    const all = subjectsOf(cells).length;
    this.note.textContent = periods.length === 0 ? say("collections.noYears") : all > MOST ? say("collections.tooMany")(MOST, all) : "";
    this.frame.hidden = periods.length === 0;
    if (periods.length === 0) return;
    const lines = subjects.flatMap((subject, index) => this.linesOf(subject, COLOURS[index], periods, amountUnit));
    const about = say("collections.chartAbout")(name, lines.length);
    this.chart.draw(this.option(lines, periods), about).then(() => this.chart.onPick((data) => data?.cell && this.onPick(data.cell)));
  }

  linesOf({ name, cells }, hue, periods, amountUnit) {
    return Object.keys(SYMBOLS).flatMap((status) => {
      const found = new Map(cells.filter((cell) => cell.status === status).map((cell) => [cell.time_period, cell]));
      if (![...found.keys()].some((period) => periods.includes(period))) return [];
      return [
        {
          type: "line",
          name: status === "actual" ? name : `${name} · ${nameOf("statuses", status)}`,
          color: colour(hue),
          symbol: SYMBOLS[status],
          connectNulls: false,
          lineStyle: { type: LINES[status], width: status === "actual" ? 2.5 : 1.5 },
          data: periods.map((period) => point(found.get(period), amountUnit)),
        },
      ];
    });
  }

  option(lines, periods) {
    return {
      legend: { type: "scroll", top: 0, textStyle: { color: colour("ink") }, pageTextStyle: { color: colour("soft") } },
      grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      tooltip: tooltip({ trigger: "item", formatter: ({ seriesName, data }) => `${seriesName}\n${periodInWords(data.cell.time_period)}  ${data.words}` }),
      xAxis: axis({ type: "category", data: periods.map(periodInWords), splitLine: { show: false } }),
      yAxis: axis({ type: "value", scale: true }),
      series: lines,
    };
  }
}

function point(cell, amountUnit) {
  if (!cell) return { value: null };
  const words = cellInWords(cell, amountUnit) + (cell.is_disputed ? `\n⚠ ${say("collections.disputed")}` : "");
  const isGoal = cell.status !== "actual";
  return {
    value: heightOf(cell, amountUnit),
    cell,
    words,
    symbolSize: cell.is_disputed ? 14 : isGoal ? 12 : 9,
    itemStyle: cell.is_disputed ? { borderColor: colour("bad"), borderWidth: 3 } : undefined,
  };
}
