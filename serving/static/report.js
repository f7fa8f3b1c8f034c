// A report as the page uses it: offsets in UTF-16 units, facts and entities that know each other.

/** Facts less certain than this are marked as doubtful. */
export const DOUBTFUL = 0.8;

/** Index a report of the service. Its offsets count code points; those given here count what JavaScript counts. */
export function indexReport(report) {
  const offset = offsetsOf(report.text);
  const entities = report.entities.map((entity) => ({ ...entity, start: offset(entity.start), end: offset(entity.end) }));
  const notices = report.warnings.map((notice) => ({
    ...notice,
    start: notice.start === undefined ? undefined : offset(notice.start),
  }));
  const factsOf = new Map();
  for (const fact of report.facts) {
    for (const id of entityIds(fact)) {
      if (!factsOf.has(id)) factsOf.set(id, []);
      factsOf.get(id).push(fact);
    }
  }
  return { ...report, entities, notices, factsOf, original: report };
}

/** The ids of the entities that make a fact. */
export function entityIds(fact) {
  const parts = [fact.indicator, fact.numerator, fact.project, fact.value, fact.growth, fact.period];
  return parts.map((part) => part?.entity).filter(Boolean);
}

export function isDoubtful(fact) {
  return fact.confidence < DOUBTFUL;
}

function offsetsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
  const units = [];
  let unit = 0;
  for (const character of text) {
    units.push(unit);
    unit += character.length;
  }
  units.push(unit);
  return (offset) => units[offset];
}
