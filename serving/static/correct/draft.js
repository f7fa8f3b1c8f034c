// A report's annotations while they are corrected: spans and links, every change of which can be undone.
// Offsets are in UTF-16 units; a document to save has them in code points.

import { toPoints, toUnits } from "../common/offsets.js";
import { VALUE_LABELS } from "../read/report.js";

/** The type of a link that ends at a label; undefined where none does. */
export const LINK_TYPES = { INDICATOR: "indicator", PROJECT: "project", PERIOD: "period" };

/**
 * Spans, links and `meta` of one text, with undo and redo. A state is never changed, only replaced: `entities` are
 * {id, label, start, end, status?, confidence} in the order of the text, `links` are {from, to, type}.
 */
export class Draft {
  constructor(text, state, onChange = () => {}) {
    this.text = text;
    this.base = this.state = this.saved = state;
    this.onChange = onChange;
    this.past = [];
    this.future = [];
    this.number = 0;
  }

  /** The annotations that a report's facts show. */
  static ofReport(report, onChange) {
    const entities = report.entities.map(({ id, label, start, end, status, confidence }) => ({
      ...{ id, label, start, end, confidence },
      ...(status && VALUE_LABELS.has(label) ? { status } : {}),
    }));
    const { title, reference_year: year } = report.document;
    const meta = { ...(title ? { title } : {}), ...(year ? { year } : {}) };
    return new Draft(report.text, { entities, links: linksOf(report.facts), meta }, onChange);
  }

  /** The annotations of a document of a data set. */
  static ofDocument(document, onChange) {
    return new Draft(document.text, stateOf(document), onChange);
  }

  /** Whether the annotations differ from those that the report was opened with. */
  get isChanged() {
    return this.state !== this.base;
  }

  /** Whether something would be lost if the draft were. */
  get isUnsaved() {
    return this.state !== this.saved;
  }

  entity(id) {
    if (this.indexed !== this.state) {
      this.indexed = this.state;
      this.byId = new Map(this.state.entities.map((entity) => [entity.id, entity]));
    }
    return this.byId.get(id);
  }

  linksFrom(id) {
    return this.state.links.filter((link) => link.from === id);
  }

  linksTo(id) {
    return this.state.links.filter((link) => link.to === id);
  }

  /** Take another state; nothing happens where it is the same. */
  change(state) {
    if (state === this.state) return;
    this.past.push(this.state);
    this.future = [];
    this.show(state);
  }

  undo() {
    if (this.past.length === 0) return;
    this.future.push(this.state);
    this.show(this.past.pop());
  }

  redo() {
    if (this.future.length === 0) return;
    this.past.push(this.state);
    this.show(this.future.pop());
  }

  show(state) {
    const before = this.state;
    this.state = state;
    this.onChange(before, state);
  }

  /**
   * Mark a range with a label; what it overlaps gives way. One overlapped span of the same label is moved to the range
   * instead, and keeps its status and links. Gives the id, or null where the range holds nothing to mark.
   */
  mark(start, end, label) {
    const range = this.trimmed(start, end);
    if (!range) return null;
    const overlapped = this.state.entities.filter((entity) => entity.start < range.end && range.start < entity.end);
    const moved = overlapped.find((entity) => entity.label === label);
    const id = moved?.id ?? this.newId();
    const status = VALUE_LABELS.has(label) ? { status: "actual" } : {};
    const entity = { ...status, ...(moved ?? { id, label }), ...range, confidence: 1 };
    const gone = new Set(overlapped.filter((one) => one !== moved).map((one) => one.id));
    const rest = this.state.entities.filter((one) => one !== moved && !gone.has(one.id));
    this.change(withoutLinks({ ...this.state, entities: sorted([...rest, entity]) }, (link) => gone.has(link.from) || gone.has(link.to)));
    return id;
  }

  /** Give a span another label; a status and links that do not fit it any more go. */
  relabel(id, label) {
    const old = this.entity(id);
    if (!old || old.label === label) return;
    const { status, ...rest } = old;
    const isValue = VALUE_LABELS.has(label);
    const entity = { ...rest, label, confidence: 1, ...(isValue ? { status: status ?? "actual" } : {}) };
    const unfit = (link) => (link.from === id && !isValue) || (link.to === id && LINK_TYPES[label] !== link.type);
    this.change(withoutLinks(this.replaced(entity), unfit));
  }

  remove(id) {
    const entities = this.state.entities.filter((entity) => entity.id !== id);
    if (entities.length === this.state.entities.length) return;
    this.change(withoutLinks({ ...this.state, entities }, (link) => link.from === id || link.to === id));
  }

  setStatus(id, status) {
    const entity = this.entity(id);
    if (entity && (entity.status ?? "actual") !== status) this.change(this.replaced({ ...entity, status, confidence: 1 }));
  }

  /** Move the edges of a span, as far as its neighbours and its paragraph let them. */
  resize(id, start, end) {
    const entity = this.entity(id);
    const range = entity && this.fitted(entity, start, end);
    if (range && (range.start !== entity.start || range.end !== entity.end)) {
      this.change(this.replaced({ ...entity, ...range, confidence: 1 }));
    }
  }

  /** What `resize` would make of a span's edges. */
  fitted(entity, start, end) {
    const { entities } = this.state;
    const index = entities.findIndex(({ id }) => id === entity.id);
    const low = Math.max(entities[index - 1]?.end ?? 0, this.text.lastIndexOf("\n", entity.start - 1) + 1);
    const lineEnd = this.text.indexOf("\n", entity.end);
    const high = Math.min(entities[index + 1]?.start ?? this.text.length, lineEnd < 0 ? this.text.length : lineEnd);
    const from = this.whole(Math.min(Math.max(low, start), entity.end - 1), -1);
    const to = this.whole(Math.max(Math.min(high, end), from + 1), 1);
    return { start: from, end: to };
  }

  /** Whether a value can point at a span. */
  canLink(from, to) {
    const [value, target] = [this.entity(from), this.entity(to)];
    return Boolean(value && target && VALUE_LABELS.has(value.label) && LINK_TYPES[target.label]);
  }

  link(from, to) {
    if (!this.canLink(from, to) || this.state.links.some((link) => link.from === from && link.to === to)) return;
    const type = LINK_TYPES[this.entity(to).label];
    this.change({ ...this.state, links: [...this.state.links, { from, to, type }] });
  }

  unlink(from, to) {
    this.change(withoutLinks(this.state, (link) => link.from === from && link.to === to));
  }

  /** The annotated document to save, under an id. */
  document(id) {
    const point = toPoints(this.text);
    const entities = this.state.entities.map(({ id: name, label, start, end, status }) => ({
      ...{ id: name, label, start: point(start), end: point(end) },
      ...(status ? { status } : {}),
    }));
    const ids = new Set(entities.map((entity) => entity.id));
    const { earlier_period: earlier, ...meta } = this.state.meta;
    if (Array.isArray(earlier)) meta.earlier_period = earlier.filter((name) => ids.has(name));
    return { id, text: this.text, entities, relations: this.state.links, meta };
  }

  replaced(entity) {
    return { ...this.state, entities: sorted(this.state.entities.map((one) => (one.id === entity.id ? entity : one))) };
  }

  /** A range without white space at its ends, cut at the end of its first paragraph. */
  trimmed(start, end) {
    let [from, to] = [Math.min(start, end), Math.max(start, end)];
    while (from < to && /\s/.test(this.text[from])) from++;
    const lineEnd = this.text.indexOf("\n", from);
    if (lineEnd >= 0) to = Math.min(to, lineEnd);
    while (to > from && /\s/.test(this.text[to - 1])) to--;
    return from < to ? { start: this.whole(from, -1), end: this.whole(to, 1) } : null;
  }

  /** An offset that parts no surrogate pair, moved by `step` where it does. */
  whole(offset, step) {
    const isInside = /[\udc00-\udfff]/.test(this.text[offset] ?? "") && /[\ud800-\udbff]/.test(this.text[offset - 1] ?? "");
    return isInside ? offset + step : offset;
  }

  newId() {
    const taken = new Set(this.state.entities.map(({ id }) => id));
    do this.number += 1;
    while (taken.has(`m${this.number}`));
    return `m${this.number}`;
  }
}

/** The state that a document of the service holds. */
export function stateOf({ text, entities, relations, meta }) {
  const unit = toUnits(text);
  const spans = entities.map((entity) => ({ ...entity, start: unit(entity.start), end: unit(entity.end), confidence: 1 }));
  return { entities: sorted(spans), links: relations, meta: meta ?? {} };
}

/** The links that facts show; a period that was taken from a heading is none. */
function linksOf(facts) {
  const links = new Map();
  const add = (from, target, type) => {
    if (from && target?.entity) links.set(`${from} ${target.entity}`, { from, to: target.entity, type });
  };
  for (const fact of facts) {
    for (const value of [fact.value?.entity, fact.growth?.entity]) {
      add(value, fact.indicator, "indicator");
      add(value, fact.numerator, "indicator");
      add(value, fact.project, "project");
      if (fact.period?.from === "span") add(value, fact.period, "period");
    }
  }
  return [...links.values()];
}

function sorted(entities) {
  return entities.sort((a, b) => a.start - b.start);
}

function withoutLinks(state, isGone) {
  const links = state.links.filter((link) => !isGone(link));
  return links.length === state.links.length ? state : { ...state, links };
}
