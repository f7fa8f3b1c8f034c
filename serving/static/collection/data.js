// What the chart and the table of a collection show, as plain data.

import { PLACES, grouped, shifted, unitInWords } from "../common/numbers.js";
import { nameOf, say } from "../common/strings.js";

const MONEY = /^[A-Z]{3}(\/|$)/;

/** What cells must have in common to stand in one chart: measure, unit and what the measure is of. */
export function kindOf({ measure, unit, prices, base, numerator, project }) {
  return JSON.stringify([measure, unit, prices, base, numerator, project]);
}

/** The kinds of series among cells, those with most cells first: {key, count, words}. */
export function kinds(cells, amountUnit) {
  const counts = new Map();
  for (const cell of cells) {
    const key = kindOf(cell);
    const found = counts.get(key) ?? { key, count: 0, cell };
    found.count += 1;
    counts.set(key, found);
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ key, count, cell }) => ({ key, count, words: `${wordsOfKind(cell, amountUnit)} (${count})` }));
}

/** A kind of series in words: 增速 · % · 可比价. */
export function wordsOfKind(cell, amountUnit) {
  const { measures, prices, bases } = say("collections");
  const isGrowth = cell.measure === "growth" || cell.measure === "points";
  const unit = isGrowth ? (cell.unit === "percent" ? "%" : nameOf("growthUnits", cell.unit)) : unitInWords(cell.unit, amountUnit);
  const parts = [measures[cell.measure], unit, cell.numerator, cell.project, prices[cell.prices], isGrowth && cell.base !== "year" && (bases[cell.base] ?? cell.base)];
  return parts.filter(Boolean).join(" · ");
}

/** The subjects of cells, in their order: {id, name, cells}. */
export function subjectsOf(cells) {
  const found = new Map();
  for (const cell of cells) {
    const subject = found.get(cell.subject_id) ?? { id: cell.subject_id, name: cell.subject_name, cells: [] };
    subject.cells.push(cell);
    found.set(cell.subject_id, subject);
  }
  return [...found.values()].sort((a, b) => b.cells.length - a.cells.length || a.name.localeCompare(b.name, "zh"));
}

/** The periods of cells in the order of time; years only where there are any. */
export function periodsOf(cells, { onlyYears = false } = {}) {
  const hasYears = cells.some(({ year }) => year !== null);
  const kept = onlyYears && hasYears ? cells.filter(({ year }) => year !== null) : cells;
  const ends = new Map(kept.map((cell) => [cell.time_period, cell.period_end ?? cell.period_start ?? "9999"]));
  return [...ends.keys()].sort((a, b) => ends.get(a).localeCompare(ends.get(b)) || String(a).length - String(b).length);
}

/** A period in words: SDMX's ranges as the reader writes them. */
export function periodInWords(period) {
  if (period === null) return say("collections.noPeriod");
  const range = /^(\d{4})-(\d\d)-\d\d\/P(\d+)([MY])$/.exec(period);
  if (!range) return period;
  const [, year, month, count, unit] = range;
  const last = unit === "Y" ? `${Number(year) + Number(count) - 1}` : String(Number(month) + Number(count) - 1).padStart(2, "0");
  return unit === "Y" ? `${year}–${last}` : `${year}-${month}…${last}`;
}

/** A number of a cell in the wanted unit: a string that is exact. */
export function numberInUnit(number, unit, amountUnit) {
  return MONEY.test(unit) ? shifted(number, PLACES[amountUnit]) : number;
}

/** What a cell says, in words. */
export function cellInWords(cell, amountUnit) {
  const { value, low, high, approximate, unit } = cell;
  const words = say("collections");
  const write = (number) => grouped(numberInUnit(number, unit, amountUnit));
  if (value !== null && value === low && value === high) return write(value);
  if (low !== null && high !== null) return words.between(write(low), write(high));
  if (approximate) return words.about_(write(value ?? low ?? high));
  if (low !== null) return words.atLeast(write(low));
  if (high !== null) return words.atMost(write(high));
  return value === null ? "?" : write(value);
}

/** Where a cell stands in a chart: a binary float is exact enough for a picture. */
export function heightOf(cell, amountUnit) {
  const number = cell.value ?? cell.low ?? cell.high;
  return number === null ? null : Number(numberInUnit(number, cell.unit, amountUnit));
}
