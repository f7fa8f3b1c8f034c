// The table of a collection: subjects and statuses as rows, periods as columns; each figure is a button.

import { button, h } from "../common/dom.js";
import { nameOf, say } from "../common/strings.js";
import { cellInWords, periodInWords, periodsOf, subjectsOf } from "./data.js";

const STATUSES = ["actual", "target", "forecast", "budget"];

/** The table of cells; calls `onPick(cell)` for the figure that the reader picks. */
export function cellGrid(cells, amountUnit, onPick) {
  const periods = periodsOf(cells);
  const heads = [say("collections.subject"), say("collections.status"), ...periods.map(periodInWords)];
  const rows = subjectsOf(cells).flatMap((subject) =>
    STATUSES.filter((status) => subject.cells.some((cell) => cell.status === status)).map((status) => {
      const found = new Map(subject.cells.filter((cell) => cell.status === status).map((cell) => [cell.time_period, cell]));
      const head = h("th", { scope: "row" }, subject.name);
      return h("tr", {}, head, h("td", {}, nameOf("statuses", status)), periods.map((period) => figure(found.get(period), amountUnit, onPick)));
    }),
  );
  const box = h(
    "div",
    { class: "table-box" },
    h(
      "table",
      { class: "cells" },
      h("caption", { class: "hidden" }, say("collections.tableCaption")),
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows),
    ),
  );
  box.addEventListener("keydown", (event) => moveBetween(box, event));
  return box;
}

function figure(cell, amountUnit, onPick) {
  if (!cell) return h("td", { class: "number nothing" }, "");
  const words = cellInWords(cell, amountUnit);
  const about = [cell.subject_name, periodInWords(cell.time_period), words, cell.is_disputed && say("collections.disputed")];
  const attributes = { class: "link", data: { cell: cell.cell_id }, "aria-label": about.filter(Boolean).join(", ") };
  const mark = cell.is_disputed && h("span", { class: "disputed", title: say("collections.disputed"), "aria-hidden": "true" }, "⚠");
  return h("td", { class: "number" }, button(words, () => onPick(cell), attributes), mark);
}

/** Arrow keys move between the figures of the table. */
function moveBetween(box, event) {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  const here = event.target.closest("td");
  if (!steps || !here) return;
  const rows = [...box.querySelectorAll("tbody tr")];
  let [line, column] = [rows.indexOf(here.parentElement), here.cellIndex];
  for (;;) {
    line += steps[0];
    column += steps[1];
    const next = rows[line]?.cells[column];
    if (!next) return;
    const found = next.querySelector("button");
    if (found) {
      event.preventDefault();
      found.focus();
      return;
    }
  }
}
