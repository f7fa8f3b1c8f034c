// The facts of a report after its annotations were changed: those that no change touches stay as they were read (with
// their confidence, and what a table's heads said); the others are what the service makes of the annotations.

const PARTS = ["indicator", "numerator", "project", "subject", "value", "growth", "period"];

/**
 * The report to show and to download. `read` is the report as it was opened, `stated` what the annotations state now,
 * `touched` the ids of the entities that were changed. Facts come in the order of their values.
 */
export function mergedReport(read, stated, touched) {
  const old = new Map(read.entities.map((entity) => [entity.id, entity]));
  const starts = new Map(stated.entities.map((entity) => [entity.id, entity.start]));
  const placeOf = (fact) => starts.get(valuesOf(fact)[0]) ?? fact.start;
  const concerns = (notice) => notice.entities.some((id) => touched.has(id));
  return {
    ...read,
    entities: stated.entities.map((entity) => (touched.has(entity.id) ? entity : (old.get(entity.id) ?? entity))),
    facts: mergedFacts(read.facts, stated.facts, touched).sort((a, b) => placeOf(a) - placeOf(b)),
    warnings: [...read.warnings.filter((one) => !concerns(one)), ...stated.warnings.filter(concerns)],
  };
}

/** The facts to show, in no order. */
function mergedFacts(read, stated, touched) {
  const values = new Set([...read, ...stated].filter((fact) => partsOf(fact).some((id) => touched.has(id))).flatMap(valuesOf));
  const isRenewed = (fact) => valuesOf(fact).some((id) => values.has(id));
  const kept = read.filter((fact) => !isRenewed(fact));
  const made = stated.filter(isRenewed).map((fact) => ({ ...fact, id: `c${fact.id}`, isCorrected: true }));
  const keptByValue = new Map(kept.map((fact) => [valuesOf(fact)[0], fact.id]));
  const statedById = new Map(stated.map((fact) => [fact.id, fact]));
  const madeIds = new Set(made.map(({ id }) => id));
  const keptIds = new Set(kept.map(({ id }) => id));
  const parentOf = (fact) => {
    if (!fact.parent) return undefined;
    if (!fact.isCorrected) return keptIds.has(fact.parent) ? fact.parent : undefined;
    return madeIds.has(`c${fact.parent}`) ? `c${fact.parent}` : keptByValue.get(valuesOf(statedById.get(fact.parent))[0]);
  };
  return [...kept, ...made].map((fact) => ({ ...fact, parent: parentOf(fact) }));
}

/** The ids of the entities that two states of a draft do not have alike, and of the values whose links differ. */
export function touchedIds(before, after) {
  const touched = new Set();
  const old = new Map(before.entities.map((entity) => [entity.id, entity]));
  for (const entity of after.entities) {
    if (!isSame(old.get(entity.id), entity)) touched.add(entity.id);
    old.delete(entity.id);
  }
  for (const id of old.keys()) touched.add(id);
  for (const { from } of differing(before.links, after.links)) touched.add(from);
  return touched;
}

function differing(before, after) {
  const [ours, theirs] = [before, after].map((links) => new Set(links.map(({ from, to }) => `${from} ${to}`)));
  return [
    ...before.filter(({ from, to }) => !theirs.has(`${from} ${to}`)),
    ...after.filter(({ from, to }) => !ours.has(`${from} ${to}`)),
  ];
}

function isSame(one, other) {
  if (one === other) return true;
  const isAlike = one && ["label", "start", "end"].every((key) => one[key] === other[key]);
  return isAlike && (one.status ?? "actual") === (other.status ?? "actual");
}

function partsOf(fact) {
  return PARTS.map((part) => fact[part]?.entity).filter(Boolean);
}

/** The value of a fact, and its growth. */
function valuesOf(fact) {
  return [fact.value, fact.growth].filter(Boolean).map((part) => part.entity);
}
