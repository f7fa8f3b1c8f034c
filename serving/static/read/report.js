// A report as the page uses it: offsets in UTF-16 units, facts and entities that know each other.

import { toUnits } from "../common/offsets.js";

/** Facts less certain than this are marked as doubtful. */
export const DOUBTFUL = 0.8;

/** The labels of values, which have a status and point at what they belong to. */
export const VALUE_LABELS = new Set(["AMOUNT", "QUANTITY", "RATIO", "GROWTH"]);

/** The labels of the guideline, in its order. */
export const LABELS = ["INDICATOR", "AMOUNT", "QUANTITY", "RATIO", "GROWTH", "PROJECT", "PERIOD"];

export const STATUSES = ["actual", "target", "forecast", "budget"];

/** Index a report of the service, whose `text` is set. `original` is the report as it came. */
export function indexReport(report) {
  const unit = toUnits(report.text);
  const entities = report.entities
    .map((entity) => ({ ...entity, start: unit(entity.start), end: unit(entity.end) }))
    .sort((a, b) => a.start - b.start);
  const notices = report.warnings.map((notice) => ({
    ...notice,
    start: notice.start === undefined ? undefined : unit(notice.start),
  }));
  return { ...report, entities, notices, ...linked(report.facts), original: report };
}

/** Who knows whom: the facts of each entity, and each fact by its id. */
export function linked(facts) {
  const factsOf = new Map();
  for (const fact of facts) {
    for (const id of entityIds(fact)) {
      if (!factsOf.has(id)) factsOf.set(id, []);
      factsOf.get(id).push(fact);
    }
  }
  return { facts, factsOf, factById: new Map(facts.map((fact) => [fact.id, fact])) };
}

/** The ids of the entities that make a fact. */
export function entityIds(fact) {
  const parts = [fact.indicator, fact.numerator, fact.project, fact.subject, fact.value, fact.growth, fact.period];
  return parts.map((part) => part?.entity).filter(Boolean);
}

export function isDoubtful(fact) {
  return fact.confidence < DOUBTFUL;
}
