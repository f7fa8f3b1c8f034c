// The text with its spans coloured. Paragraphs are laid out only when they come into view (see the styles), and a
// change draws only the paragraphs that it touches, so that a report of any length scrolls and is corrected well.

import { h } from "../common/dom.js";
import { nameOf, percent, say } from "../common/strings.js";
import { isDoubtful } from "./report.js";

/** Shows a report in `box`; calls `onSelect(entity id)` when the reader picks a span. */
export class Reader {
  constructor(box, legend, onSelect) {
    Object.assign(this, { box, legend, onSelect });
    this.hidden = new Set();
    this.spans = new Map();
    this.selected = [];
    box.addEventListener("click", (event) => this.pick(event.target.closest?.(".span")));
    box.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Show a report from its beginning. */
  show(report) {
    this.report = report;
    this.spans.clear();
    this.paragraphs = [];
    let start = 0;
    for (const line of report.text.split("\n")) {
      const element = h("p", { data: { start } });
      this.paragraphs.push({ start, end: start + line.length, element });
      start += line.length + 1;
    }
    for (const paragraph of this.paragraphs) this.draw(paragraph);
    this.box.replaceChildren(...this.paragraphs.map(({ element }) => element));
    this.rove(this.spans.values().next().value);
    this.showLegend();
  }

  /** Show the same text with other spans or facts; only paragraphs that hold one of `places` ([start, end]) change. */
  update(report, places) {
    this.report = report;
    const touched = new Set(places.flatMap(([start, end]) => [this.indexAt(start), this.indexAt(end)]));
    for (const index of touched) {
      const paragraph = this.paragraphs[index];
      for (const span of paragraph.element.querySelectorAll(".span")) this.forget(span);
      this.draw(paragraph);
    }
    this.mark(this.selected, { scroll: false });
    this.showLegend();
  }

  draw(paragraph) {
    const { start, end, element } = paragraph;
    const { text } = this.report;
    const nodes = [];
    let at = start;
    for (const part of this.partsIn(start, end)) {
      const from = Math.max(part.start, start);
      const to = Math.min(part.end, end);
      nodes.push(text.slice(at, from), part.entity ? this.span(part.entity, from, to) : noticeMark(part.notice));
      at = Math.max(at, to);
    }
    nodes.push(text.slice(at, end));
    element.replaceChildren(...nodes.filter((node) => node !== ""));
  }

  /** Spans and notices of a paragraph in their order; a notice inside a span stands before it. */
  partsIn(start, end) {
    const { entities, notices } = this.report;
    const parts = [];
    for (let index = firstAfter(entities, start); index < entities.length && entities[index].start < end; index++) {
      parts.push({ start: entities[index].start, end: entities[index].end, entity: entities[index] });
    }
    notices.forEach((notice, index) => {
      if (notice.start === undefined || notice.start < start || notice.start > end) return;
      const around = parts.find((part) => part.entity && part.start < notice.start && notice.start < part.end);
      const place = around ? around.start : notice.start;
      parts.push({ start: place, end: place, notice: { ...notice, index } });
    });
    return parts.sort((a, b) => a.start - b.start || (a.notice ? -1 : 1));
  }

  span(entity, from, to) {
    const words = this.report.text.slice(from, to);
    const facts = this.report.factsOf.get(entity.id) ?? [];
    const isUnsure = facts.length > 0 && facts.every(isDoubtful);
    const about = this.describe(entity, isUnsure);
    const classes = ["span", entity.label, isUnsure && "doubtful", this.hidden.has(entity.label) && "plain"];
    const span = h(
      "span",
      {
        class: classes.filter(Boolean).join(" "),
        data: { entity: entity.id },
        tabindex: -1,
        role: "button",
        title: about,
        "aria-label": `${words}, ${about}`,
      },
      words,
    );
    if (!this.spans.has(entity.id)) this.spans.set(entity.id, span);
    return span;
  }

  forget(span) {
    if (this.spans.get(span.dataset.entity) === span) this.spans.delete(span.dataset.entity);
  }

  describe(entity, isUnsure) {
    const words = [nameOf("labels", entity.label)];
    if (entity.status && entity.status !== "actual") words.push(nameOf("statuses", entity.status));
    words.push(percent(entity.confidence, 0));
    if (isUnsure) words.push(say("doubtful"));
    return words.join(" · ");
  }

  showLegend() {
    const counts = new Map();
    for (const { label } of this.report.entities) counts.set(label, (counts.get(label) ?? 0) + 1);
    const keys = [...counts].map(([label, count]) => {
      const isShown = !this.hidden.has(label);
      const toggle = () => this.toggle(label, key);
      const attributes = { type: "button", class: `key ${label}`, "aria-pressed": isShown, on: { click: toggle } };
      const key = h("button", attributes, `${nameOf("labels", label)} ${count}`);
      return key;
    });
    this.legend.replaceChildren(...keys);
  }

  toggle(label, key) {
    if (!this.hidden.delete(label)) this.hidden.add(label);
    const isHidden = this.hidden.has(label);
    for (const span of this.box.querySelectorAll(".span")) {
      if (span.classList.contains(label)) span.classList.toggle("plain", isHidden);
    }
    key.setAttribute("aria-pressed", String(!isHidden));
  }

  /** Mark the spans of these entities, and bring the first into view. */
  mark(ids, { scroll }) {
    this.selected = ids;
    for (const span of this.box.querySelectorAll(".selected")) span.classList.remove("selected");
    const spans = ids.map((id) => this.spans.get(id)).filter(Boolean);
    for (const span of spans) span.classList.add("selected");
    if (spans.length === 0) return;
    this.rove(spans[0]);
    if (scroll) scrollTo(this.box, spans[0]);
  }

  /** Bring a place that a notice speaks of into view. */
  reveal(noticeIndex) {
    const mark = this.box.querySelector(`[data-notice="${noticeIndex}"]`);
    if (!mark) return;
    scrollTo(this.box, mark);
    mark.focus({ preventScroll: true });
  }

  pick(span) {
    if (!span) return;
    this.rove(span);
    this.onSelect(span.dataset.entity);
  }

  /** One span at a time can be reached with Tab; the arrows move from there. */
  rove(span) {
    if (this.tabbable) this.tabbable.tabIndex = -1;
    this.tabbable = span;
    if (span) span.tabIndex = 0;
  }

  onKey(event) {
    const span = event.target.closest(".span");
    if (!span || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.pick(span);
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && this.neighbour(span, step);
    if (!next) return;
    event.preventDefault();
    this.rove(next);
    next.focus({ preventScroll: true });
    scrollTo(this.box, next);
  }

  /** The span of the entity before or after that of a span. */
  neighbour(span, step) {
    const { entities } = this.report;
    const index = entities.findIndex(({ id }) => id === span.dataset.entity);
    return this.spans.get(entities[index + step]?.id);
  }

  indexAt(offset) {
    let low = 0;
    let high = this.paragraphs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.paragraphs[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Bring an element to the middle of its box, without moving the page. */
export function scrollTo(box, element) {
  const frame = box.getBoundingClientRect();
  const place = element.getBoundingClientRect();
  if (place.top >= frame.top + 40 && place.bottom <= frame.bottom - 20) return;
  box.scrollTop += place.top - frame.top - frame.height / 3;
  // Paragraphs above may take their real height only now.
  requestAnimationFrame(() => {
    const moved = element.getBoundingClientRect();
    if (moved.top < frame.top || moved.bottom > frame.bottom) box.scrollTop += moved.top - frame.top - frame.height / 3;
  });
}

/** The index of the first entity that ends after an offset; entities do not overlap. */
function firstAfter(entities, offset) {
  let low = 0;
  let high = entities.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entities[middle].end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function noticeMark(notice) {
  return h("button", {
    type: "button",
    class: "notice",
    data: { notice: notice.index },
    title: notice.message,
    contenteditable: "false",
    "aria-label": `${say("notice")}: ${notice.message}`,
  });
}
