// What a report's charts show, as plain data.

import { PLACES, magnitude, shifted } from "../common/numbers.js";

/** More bars than this are no picture any more. */
export const MOST = 40;

/** A fact's name in a chart: its indicator and project, and the year where it has one. */
export function nameOfFact(fact) {
  const names = [fact.project?.text, fact.subject?.text, fact.indicator?.text].filter(Boolean);
  return names.join(" · ") || (fact.value ?? fact.growth).text;
}

/** The units of a report's values, the most frequent first: {unit, count}. */
export function units(report) {
  const counts = new Map();
  for (const { value } of report.facts) {
    if (!value) continue;
    const unit = keyOf(value);
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return [...counts].map(([unit, count]) => ({ unit, count })).sort((a, b) => b.count - a.count);
}

/** What two values must have in common to be drawn beside each other: unit, and per what. */
export function keyOf(value) {
  return value.per ? `${value.unit}/${value.per}` : value.unit;
}

/** The values in one unit, the greatest first. Amounts are given in `amountUnit`. */
export function values(report, unit, amountUnit) {
  return report.facts
    .filter((fact) => fact.value && keyOf(fact.value) === unit)
    .map((fact) => ({ fact, size: sizeOf(fact.value, amountUnit) }))
    .sort((a, b) => b.size - a.size);
}

/** The growths in percent, the fastest first; a decline is negative. */
export function growths(report) {
  return report.facts
    .filter(({ growth }) => growth?.unit === "percent" && growth.direction)
    .map((fact) => ({ fact, size: (fact.growth.direction === "down" ? -1 : 1) * magnitude(fact.growth) }))
    .sort((a, b) => b.size - a.size);
}

/** Each total that the report parts (其中): {whole, parts: [{fact, size}], rest}. */
export function breakdowns(report, amountUnit) {
  const parts = new Map();
  for (const fact of report.facts) {
    const whole = fact.parent && report.factById.get(fact.parent);
    if (!whole?.value || !fact.value || keyOf(whole.value) !== keyOf(fact.value)) continue;
    if (!parts.has(whole)) parts.set(whole, []);
    parts.get(whole).push({ fact, size: sizeOf(fact.value, amountUnit) });
  }
  return [...parts].map(([whole, found]) => {
    const size = sizeOf(whole.value, amountUnit);
    const sum = found.reduce((total, part) => total + part.size, 0);
    return { whole, size, parts: found, rest: Math.max(0, size - sum) };
  });
}

/** How far each project is, as the report says in percent; the furthest first. */
export function progress(report) {
  return report.facts
    .filter(({ project, value }) => project && value?.unit === "percent")
    .map((fact) => ({ fact, size: magnitude(fact.value) }))
    .sort((a, b) => b.size - a.size);
}

function sizeOf(value, amountUnit) {
  if (!/^[A-Z]{3}$/.test(value.unit)) return magnitude(value);
  return Number(shifted(value.value ?? value.low ?? value.high ?? "0", PLACES[amountUnit]));
}
