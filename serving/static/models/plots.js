// The charts of models: scores side by side, reliability, the curve of a training.

import { Chart, axis, colour, tooltip } from "../common/charts.js";
import { h } from "../common/dom.js";
import { percent, say } from "../common/strings.js";
import { scoreName } from "../datasets/agreement.js";

const SIDES = ["INDICATOR", "GROWTH"];

/** A chart in a box of its own, drawn as soon as the box is on the page. */
function chartBox(draw, about, height) {
  const box = h("div", { class: "chart small" });
  if (height) box.style.height = `${height}px`;
  const chart = new Chart(box);
  requestAnimationFrame(() => chart.draw(draw(), about));
  return box;
}

function legend() {
  return { top: 0, textStyle: { color: colour("ink") } };
}

/** F1 by score for one or two models: `sides` are {name, scores: {score: {f1}}}; only scores that all have. */
export function scoreBars(sides) {
  const names = Object.keys(sides[0].scores).filter((name) => name.startsWith("spans") && sides.every(({ scores }) => scores[name]));
  const draw = () => ({
    legend: sides.length > 1 ? legend() : undefined,
    grid: { left: 8, right: 60, top: 30, bottom: 8, containLabel: true },
    tooltip: tooltip({ formatter: ({ seriesName, name, value }) => `${seriesName}\n${name} ${percent(value)}` }),
    xAxis: axis({ type: "value", min: 0, max: 1, axisLabel: { formatter: (value) => percent(value, 0) } }),
    yAxis: axis({ type: "category", inverse: true, data: names.map(scoreName), splitLine: { show: false }, axisLabel: { color: colour("ink") } }),
    series: sides.map(({ name, scores }, index) => ({
      type: "bar",
      name,
      color: colour(SIDES[index]),
      barMaxWidth: 12,
      data: names.map((score) => scores[score].f1),
      label: { show: true, position: "right", color: colour("ink"), formatter: ({ value }) => percent(value) },
    })),
  });
  return chartBox(draw, say("models.scoresChart")(sides.map(({ name }) => name).join(", ")), 60 + names.length * 20 * (sides.length + 0.5));
}

/** How often answers of each confidence are right: `sides` are {name, reliability: {ece, bins}}. */
export function reliabilityPlot(sides) {
  const draw = () => ({
    legend: legend(),
    grid: { left: 8, right: 20, top: 36, bottom: 28, containLabel: true },
    tooltip: tooltip({ formatter: ({ seriesName, data }) => `${seriesName}\n${say("models.binAbout")(percent(data[0]), percent(data[1]), data[2] ?? "")}` }),
    xAxis: axis({ type: "value", min: 0, max: 1, name: say("models.confidence"), nameLocation: "middle", nameGap: 24, axisLabel: { formatter: (value) => percent(value, 0) } }),
    yAxis: axis({ type: "value", min: 0, max: 1, name: say("models.right"), axisLabel: { formatter: (value) => percent(value, 0) } }),
    series: [
      { type: "line", name: say("models.perfect"), data: [[0, 0], [1, 1]], symbol: "none", color: colour("soft"), lineStyle: { type: "dashed" } },
      ...sides.map(({ name, reliability }, index) => ({
        type: "line",
        name,
        color: colour(SIDES[index]),
        // A point that stands for few answers says little.
        symbolSize: ([, , count]) => Math.min(18, 4 + Math.sqrt(count)),
        data: reliability.bins.filter(({ count }) => count > 0).map(({ confidence, accuracy, count }) => [confidence, accuracy, count]),
      })),
    ],
  });
  return chartBox(draw, say("models.reliabilityAbout"));
}

/** The losses of a training as they come in. */
export class Curve {
  constructor() {
    this.box = h("div", { class: "chart small" });
    this.chart = new Chart(this.box);
    this.points = new Map();
  }

  /** Add points; of two of one step the later one holds. */
  add(points) {
    for (const point of points) this.points.set(point.step, point);
    const found = [...this.points.values()].sort((a, b) => a.step - b.step);
    if (found.length === 0) return;
    const line = (key, kind) => ({
      type: "line",
      name: say(`models.${key}`),
      color: colour(kind),
      showSymbol: found.length < 30,
      data: found.map((point) => [point.epoch, point[key]]),
    });
    this.chart.draw(
      {
        animation: false,
        legend: legend(),
        grid: { left: 8, right: 20, top: 36, bottom: 28, containLabel: true },
        tooltip: tooltip({ trigger: "axis" }),
        xAxis: axis({ type: "value", name: say("models.epoch"), nameLocation: "middle", nameGap: 24 }),
        yAxis: axis({ type: "value", scale: true }),
        series: [line("loss", "INDICATOR"), line("tag_loss", "AMOUNT"), line("link_loss", "GROWTH"), line("status_loss", "PROJECT")],
      },
      say("models.curveAbout")(found.length, found.at(-1).loss),
    );
  }
}
