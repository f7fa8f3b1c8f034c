// Two annotations of one text side by side, where they differ.

import { h, table } from "../common/dom.js";
import { nameOf, say } from "../common/strings.js";
import { VALUE_LABELS } from "../read/report.js";

const AROUND = 12;

/** A table of the places where two states of a draft differ. */
export function comparison(text, mine, theirs) {
  const rows = differences(text, mine, theirs);
  const heads = [say("save.place"), say("save.mineHead"), say("save.theirsHead")];
  if (rows.length === 0) return h("p", { class: "hint" }, say("save.noDifference"));
  return table(
    say("save.differences"),
    heads,
    rows.map(({ start, end, ours, others }) => [excerpt(text, start, end), told(ours), told(others)]),
    { class: "comparison" },
  );
}

/** [{start, end, ours, others}]: what each says of every place of which they do not say the same; null for nothing. */
export function differences(text, mine, theirs) {
  const [ours, others] = [mine, theirs].map((state) => sayings(text, state));
  const places = [...new Set([...ours.keys(), ...others.keys()])];
  return places
    .filter((place) => ours.get(place)?.words !== others.get(place)?.words)
    .map((place) => {
      const [start, end] = place.split("-").map(Number);
      return { start, end, ours: ours.get(place) ?? null, others: others.get(place) ?? null };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** What a state says of each place: label, status, and what it points at. */
function sayings(text, { entities, links }) {
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  const targets = new Map();
  for (const { from, to } of links) {
    const target = byId.get(to);
    if (target) targets.set(from, [...(targets.get(from) ?? []), text.slice(target.start, target.end)]);
  }
  return new Map(
    entities.map((entity) => {
      const parts = [nameOf("labels", entity.label)];
      if (VALUE_LABELS.has(entity.label)) parts.push(nameOf("statuses", entity.status ?? "actual"));
      const linked = (targets.get(entity.id) ?? []).sort();
      const words = parts.join(" · ") + (linked.length > 0 ? ` → ${linked.join("、")}` : "");
      return [`${entity.start}-${entity.end}`, { label: entity.label, words }];
    }),
  );
}

/** A place of a text with what stands around it. */
export function excerpt(text, start, end) {
  const before = text.slice(Math.max(0, start - AROUND), start).split("\n").pop();
  const after = text.slice(end, end + AROUND).split("\n")[0];
  return h("td", { class: "excerpt" }, before, h("b", {}, text.slice(start, end)), after);
}

function told(saying) {
  return saying ? h("td", {}, h("span", { class: `dot ${saying.label}`, "aria-hidden": "true" }), saying.words) : h("td", { class: "nothing" }, say("save.nothing"));
}
