// The text with its spans coloured. Paragraphs are laid out only when they come into view (see style.css), so that a
// report of any length scrolls well.

import { isDoubtful } from "./report.js";
import { nameOf, say } from "./strings.js";

/** Shows a report in `box`; calls `onSelect(entity id)` when the reader picks a span. */
export class Reader {
  constructor(box, legend, onSelect) {
    this.box = box;
    this.legend = legend;
    this.onSelect = onSelect;
    this.hidden = new Set();
    this.spans = new Map();
    box.addEventListener("click", (event) => this.pick(event.target.closest(".span")));
    box.addEventListener("keydown", (event) => this.onKey(event));
  }

  show(report) {
    this.report = report;
    this.spans.clear();
    const page = document.createDocumentFragment();
    const parts = partsOf(report);
    let next = 0;
    let start = 0;
    for (const line of report.text.split("\n")) {
      const end = start + line.length;
      const paragraph = document.createElement("p");
      let at = start;
      while (next < parts.length && parts[next].start <= end) {
        const part = parts[next++];
        paragraph.append(report.text.slice(at, part.start), part.entity ? this.span(part.entity) : noticeMark(part.notice));
        at = part.entity ? part.end : part.start;
      }
      paragraph.append(report.text.slice(at, end));
      page.append(paragraph);
      start = Math.max(end, at) + 1;
    }
    this.box.replaceChildren(page);
    this.order = [...this.spans.values()];
    this.rove(this.order[0]);
    this.showLegend();
  }

  span(entity) {
    const span = document.createElement("span");
    span.className = `span ${entity.label}`;
    span.dataset.entity = entity.id;
    span.tabIndex = -1;
    span.setAttribute("role", "button");
    span.textContent = this.report.text.slice(entity.start, entity.end);
    const facts = this.report.factsOf.get(entity.id) ?? [];
    if (facts.length > 0 && facts.every(isDoubtful)) span.classList.add("doubtful");
    span.title = this.describe(entity, span.classList.contains("doubtful"));
    span.setAttribute("aria-label", `${span.textContent}, ${span.title}`);
    this.spans.set(entity.id, span);
    return span;
  }

  describe(entity, doubtful) {
    const words = [nameOf("labels", entity.label), `${Math.round(entity.confidence * 100)}%`];
    if (doubtful) words.push(say("doubtful"));
    return words.join(" · ");
  }

  showLegend() {
    const counts = new Map();
    for (const { label } of this.report.entities) counts.set(label, (counts.get(label) ?? 0) + 1);
    const keys = [...counts].map(([label, count]) => {
      const key = document.createElement("button");
      key.type = "button";
      key.className = `key ${label}`;
      key.setAttribute("aria-pressed", String(!this.hidden.has(label)));
      key.textContent = `${nameOf("labels", label)} ${count}`;
      key.addEventListener("click", () => this.toggle(label, key));
      return key;
    });
    this.legend.replaceChildren(...keys);
    for (const label of this.hidden) this.setHidden(label, true);
  }

  toggle(label, key) {
    if (!this.hidden.delete(label)) this.hidden.add(label);
    const isHidden = this.hidden.has(label);
    this.setHidden(label, isHidden);
    key.setAttribute("aria-pressed", String(!isHidden));
  }

  setHidden(label, isHidden) {
    for (const entity of this.report.entities) {
      if (entity.label === label) this.spans.get(entity.id).classList.toggle("plain", isHidden);
    }
  }

  /** Mark the spans of these entities, and bring the first into view. */
  mark(ids, { scroll }) {
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
    if (!span) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.pick(span);
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && this.order[this.order.indexOf(span) + step];
    if (!next) return;
    event.preventDefault();
    this.rove(next);
    next.focus({ preventScroll: true });
    scrollTo(this.box, next);
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

function partsOf(report) {
  const parts = report.entities.map((entity) => ({ start: entity.start, end: entity.end, entity }));
  report.notices.forEach((notice, index) => {
    if (notice.start === undefined) return;
    const around = report.entities.find((entity) => entity.start < notice.start && notice.start < entity.end);
    parts.push({ start: around ? around.start : notice.start, end: notice.start, notice: { ...notice, index } });
  });
  return parts.sort((a, b) => a.start - b.start || (a.notice ? -1 : 1));
}

function noticeMark(notice) {
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = "notice";
  mark.dataset.notice = notice.index;
  mark.title = notice.message;
  mark.setAttribute("aria-label", `${say("notice")}: ${notice.message}`);
  return mark;
}
