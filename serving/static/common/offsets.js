// Offsets: the service counts Unicode code points, JavaScript counts UTF-16 units.

const SURROGATES = /[\ud800-\udfff]/;

/** What turns a code point offset of `text` into a UTF-16 one. */
export function toUnits(text) {
  if (!SURROGATES.test(text)) return (point) => point;
  const units = starts(text);
  return (point) => units[point];
}

/** What turns a UTF-16 offset of `text` into a code point one. */
export function toPoints(text) {
  if (!SURROGATES.test(text)) return (unit) => unit;
  const points = new Map(starts(text).map((unit, point) => [unit, point]));
  return (unit) => points.get(unit) ?? points.get(unit - 1);
}

function starts(text) {
  const units = [];
  let unit = 0;
  for (const character of text) {
    units.push(unit);
    unit += character.length;
  }
  units.push(unit);
  return units;
}
