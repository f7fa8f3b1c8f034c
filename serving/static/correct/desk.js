// Correcting a report: the draft and what changes it (marking, the inspector, handles, keys), and what shows it.

import { $, delayed } from "../common/dom.js";
import { showProblem } from "../common/problems.js";
import { factsOf } from "../common/service.js";
import { nameOf, say } from "../common/strings.js";
import { LABELS, indexReport } from "../read/report.js";
import { Draft } from "./draft.js";
import { Handles } from "./drag.js";
import { Inspector } from "./inspector.js";
import { Palette } from "./palette.js";
import { mergedReport, touchedIds } from "./merge.js";
import { selectedRange } from "./places.js";

/** Facts are asked for again when the last change is this old, in milliseconds. */
const PAUSE = 350;

/** `view` has a `reader` and takes a changed report as `showChanged(report)`. */
export class Desk {
  constructor(view, box) {
    Object.assign(this, { view, box, reader: view.reader });
    this.draft = null;
    this.isOpen = false;
    this.selected = null;
    this.handles = new Handles(this, box);
    this.inspector = new Inspector($("inspector"), this);
    this.palette = new Palette($("palette"), (label) => this.markSelection(label));
    this.refresh = delayed(PAUSE, () => this.takeFacts());
    $("correct").addEventListener("click", () => this.toggle(!this.isOpen));
    $("undo").addEventListener("click", () => this.draft.undo());
    $("redo").addEventListener("click", () => this.draft.redo());
    document.addEventListener("selectionchange", delayed(120, () => this.offerLabels()));
    document.addEventListener("keydown", (event) => this.onKey(event));
    // The text can be walked through and selected with the keyboard like one that is edited; it never changes.
    box.addEventListener("beforeinput", (event) => this.isOpen && event.preventDefault());
    box.addEventListener("dragstart", (event) => this.isOpen && event.preventDefault());
    box.addEventListener("compositionend", () => this.isOpen && this.reader.show(this.reader.report));
  }

  /** Take a report that was just opened; `document` is what a data set holds of it, if it comes from one. */
  take(report, document) {
    this.abort?.abort();
    this.read = report.original;
    const onChange = (before, after) => this.onChange(before, after);
    this.draft = document ? Draft.ofDocument(document, onChange) : Draft.ofReport(report, onChange);
    this.selected = null;
    this.showState();
    this.toggle(this.isOpen || Boolean(document));
  }

  toggle(isOpen) {
    this.isOpen = isOpen;
    $("correct").setAttribute("aria-pressed", String(isOpen));
    $("correcting").hidden = !isOpen;
    $("inspector").hidden = !isOpen;
    this.palette.hide();
    this.box.classList.toggle("correcting", isOpen);
    for (const [name, value] of Object.entries({ contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-readonly": "true", spellcheck: "false" })) {
      if (isOpen) this.box.setAttribute(name, value);
      else this.box.removeAttribute(name);
    }
    if (!isOpen) this.box.setAttribute("role", "region");
    this.select(isOpen ? this.selected : null);
  }

  /** Choose a span to correct; null chooses none. */
  select(id) {
    this.selected = this.draft?.entity(id) ? id : null;
    if (!this.isOpen || !this.draft) return this.handles.remove();
    const span = this.reader.spans.get(this.selected);
    this.handles.place(span, this.selected !== null && this.inspector.isValue());
    this.showLinked();
    this.inspector.draw();
    return undefined;
  }

  showLinked() {
    for (const span of this.box.querySelectorAll(".linked")) span.classList.remove("linked");
    if (this.selected === null) return;
    const ends = [...this.draft.linksFrom(this.selected).map(({ to }) => to), ...this.draft.linksTo(this.selected).map(({ from }) => from)];
    for (const id of ends) this.reader.spans.get(id)?.classList.add("linked");
  }

  onChange(before, after) {
    const changed = touchedIds(before, after);
    const places = [...before.entities, ...after.entities].filter(({ id }) => changed.has(id)).map(({ start, end }) => [start, end]);
    this.reader.update({ ...this.reader.report, entities: after.entities }, places);
    this.select(this.selected);
    this.showState();
    $("facts-state").textContent = say("correct.updating");
    this.refresh();
  }

  showState() {
    $("undo").disabled = this.draft.past.length === 0;
    $("redo").disabled = this.draft.future.length === 0;
    $("changes").textContent = this.draft.isUnsaved ? say("correct.changed") : "";
  }

  /** Ask the service which facts the annotations state now. */
  async takeFacts() {
    this.abort?.abort();
    const controller = new AbortController();
    this.abort = controller;
    const { draft, read } = this;
    try {
      const touched = touchedIds(draft.base, draft.state);
      const year = read.document.reference_year;
      const stated = draft.isChanged ? await factsOf(draft.document("draft"), year, controller.signal) : null;
      if (draft !== this.draft || controller.signal.aborted) return;
      const report = indexReport(stated ? mergedReport(read, stated, touched) : read);
      this.view.showChanged({ ...report, entities: draft.state.entities });
      $("facts-state").textContent = "";
      this.select(this.selected);
    } catch (error) {
      if (showProblem($("problem"), error)) $("facts-state").textContent = "";
    }
  }

  offerLabels() {
    const range = this.isOpen && this.draft ? selectedRange(this.box) : null;
    if (range) this.palette.show(getSelection().getRangeAt(0), this.box);
    else this.palette.hide();
  }

  markSelection(label) {
    const range = selectedRange(this.box);
    if (!range) return;
    getSelection().removeAllRanges();
    this.palette.hide();
    const id = this.draft.mark(range.start, range.end, label);
    if (id === null) return;
    this.reader.mark([id], { scroll: false });
    this.select(id);
    this.say(say("correct.marked")(nameOf("labels", label)));
  }

  remove(id) {
    this.draft.remove(id);
    this.say(say("correct.removed"));
  }

  say(words) {
    $("said").textContent = words;
  }

  onKey(event) {
    const { target } = event;
    const isHere = target === document.body ? !$("view-read").hidden : $("view-read").contains(target);
    if (!this.isOpen || !this.draft || !isHere || target.closest("input, select, textarea")) return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y")) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) this.draft.redo();
      else this.draft.undo();
    } else if (this.box.contains(target)) {
      if (this.onTextKey(event)) event.preventDefault();
    }
  }

  /** Keys within the text; gives whether the key meant something. */
  onTextKey(event) {
    if (event.ctrlKey || event.metaKey) return false;
    const label = LABELS[Number(event.key) - 1];
    if (label && selectedRange(this.box)) {
      this.markSelection(label);
      return true;
    }
    if (event.key === "Enter") return this.selectAtCaret();
    if (this.selected === null) return false;
    const entity = this.draft.entity(this.selected);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (label) this.draft.relabel(entity.id, label);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(entity.id);
    else if (event.key === "Escape") this.select(null);
    else if (event.altKey && step && event.shiftKey) this.draft.resize(entity.id, entity.start + step, entity.end);
    else if (event.altKey && step) this.draft.resize(entity.id, entity.start, entity.end + step);
    else if (event.key.toLowerCase() === "l") this.inspector.focusLinks();
    else return false;
    return true;
  }

  selectAtCaret() {
    const node = getSelection().anchorNode;
    const span = (node instanceof Element ? node : node?.parentElement)?.closest(".span");
    if (span && this.box.contains(span)) this.reader.pick(span);
    return true;
  }

  /** The place of a span in words, for lists. */
  words(id) {
    const entity = this.draft.entity(id);
    return this.draft.text.slice(entity.start, entity.end);
  }
}
