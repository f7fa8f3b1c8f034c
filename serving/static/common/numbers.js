// Exact decimals, as the service writes them: strings in plain notation. Nothing here goes through a binary float,
// but for the order of a sorted column.

import { nameOf } from "./strings.js";

/** How many places the point of an amount moves for each unit. */
export const PLACES = { "元": 0, "万元": 4, "亿元": 8 };
const CURRENCY = /^[A-Z]{3}$/;
const SIGNS = { percent: "%", permille: "‰" };

/** A decimal string with its point moved `places` to the left: ("4678000000", 8) -> "46.78". */
export function shifted(number, places) {
  const sign = number.startsWith("-") ? "-" : "";
  const [whole, fraction = ""] = number.replace("-", "").split(".");
  const digits = whole.padStart(places + 1, "0") + fraction;
  const point = digits.length - fraction.length - places;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const right = digits.slice(point).replace(/0+$/, "");
  return sign + left + (right ? "." + right : "");
}

/** A decimal string with its thousands parted: "4678000000" -> "4,678,000,000". */
export function grouped(number) {
  const [whole, fraction] = number.split(".");
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? parted : `${parted}.${fraction}`;
}

/** A fact's value in words: exact, in the wanted unit where it is money, with what its bounds say. */
export function valueInWords(value, amountUnit) {
  if (!CURRENCY.test(value.unit)) return bounds(value, grouped) + unitOf(value);
  const write = (number) => grouped(shifted(number, PLACES[amountUnit]));
  const scale = amountUnit.slice(0, -1);
  return `${bounds(value, write)} ${scale}${nameOf("currencies", value.unit)}${value.per ? "/" + value.per : ""}`;
}

/** A fact's growth in words: ↑ 17.95%. */
export function growthInWords(growth) {
  const arrow = { up: "↑ ", down: "↓ ", flat: "→ " }[growth.direction] ?? "";
  return arrow + bounds(growth, grouped) + nameOf("growthUnits", growth.unit);
}

/** What orders two values of the same unit. */
export function magnitude(bounded) {
  return Number(bounded.value ?? bounded.low ?? bounded.high ?? 0);
}

function unitOf(value) {
  const unit = SIGNS[value.unit] ?? (value.unit === "times" ? nameOf("growthUnits", "times") : ` ${value.unit}`);
  return unit + (value.per ? "/" + value.per : "");
}

function bounds(number, write) {
  const { value, low, high } = number;
  const has = (bound) => bound !== null && bound !== undefined;
  if (has(low) && has(high) && low !== high) {
    const range = `${write(low)} – ${write(high)}`;
    return has(value) ? `≈ ${write(value)} (${range})` : range;
  }
  const exact = has(value) ? value : has(low) ? low : high;
  if (!has(exact)) return "?";
  let mark = number.approximate ? "≈ " : "";
  if (has(low) && !has(high)) mark = number.low_inclusive === false ? "> " : "≥ ";
  if (!has(low) && has(high)) mark = number.approximate ? "≈< " : number.high_inclusive === false ? "< " : "≤ ";
  return mark + write(exact);
}

/** A unit in words: of money in the wanted unit, signs for percent and the like; `unit` may end in "/per". */
export function unitInWords(unit, amountUnit) {
  const [base, per] = unit.split("/");
  if (CURRENCY.test(base)) return `${amountUnit.slice(0, -1)}${nameOf("currencies", base)}${per ? "/" + per : ""}`;
  return (SIGNS[base] ?? (base === "times" ? nameOf("growthUnits", "times") : base)) + (per ? "/" + per : "");
}
