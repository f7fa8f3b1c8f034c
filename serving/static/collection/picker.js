// Picking an indicator and subjects: two lists, each with a filter above.

import { button, h } from "../common/dom.js";
import { say } from "../common/strings.js";

/** Picks one indicator; calls `onPick(id)`. */
export class IndicatorPicker {
  constructor(indicators, onPick) {
    this.indicators = indicators;
    this.search = h("input", { type: "search", placeholder: say("collections.indicatorSearch"), "aria-label": say("collections.indicatorSearch"), on: { input: () => this.draw() } });
    this.list = h("select", { size: 10, "aria-label": say("collections.indicator"), on: { change: () => onPick(this.list.value) } });
    const hasLiteral = indicators.some((one) => !one.is_identified);
    this.box = h("div", { class: "picker" }, h("h3", {}, say("collections.indicator")), this.search, this.list, hasLiteral && h("p", { class: "hint" }, say("collections.literal")));
  }

  /** Show which indicator is picked. */
  choose(id) {
    this.chosen = id;
    this.draw();
  }

  draw() {
    const words = this.search.value.trim();
    const shown = this.indicators.filter((one) => one.indicator_id === this.chosen || one.indicator_name.includes(words));
    this.list.replaceChildren(...shown.map((one) => this.option(one)));
  }

  option(one) {
    const words = say("collections.indicatorOption")({ name: one.indicator_name, subjects: one.subjects, cells: one.cells, isIdentified: one.is_identified });
    return h("option", { value: one.indicator_id, selected: one.indicator_id === this.chosen }, words);
  }
}

/** Picks subjects; calls `onChange()`; `chosen` is the set of their ids. */
export class SubjectPicker {
  constructor(onChange) {
    this.onChange = onChange;
    this.subjects = [];
    this.chosen = new Set();
    this.search = h("input", { type: "search", placeholder: say("collections.subjectSearch"), "aria-label": say("collections.subjectSearch"), on: { input: () => this.draw() } });
    this.list = h("div", { class: "choices", role: "group", "aria-label": say("collections.subject") });
    const controls = h("div", { class: "controls" }, button(say("collections.allSubjects"), () => this.take(true)), button(say("collections.noSubjects"), () => this.take(false)));
    this.box = h("div", { class: "picker" }, h("h3", {}, say("collections.subject")), this.search, this.list, controls);
  }

  /** Offer subjects: {id, name, cells}; those that were picked stay so, and all are where none was. */
  offer(subjects) {
    this.subjects = subjects;
    const kept = subjects.filter(({ id }) => this.chosen.has(id));
    this.chosen = new Set((kept.length > 0 ? kept : subjects).map(({ id }) => id));
    this.draw();
  }

  take(isAll) {
    this.chosen = new Set(isAll ? this.subjects.map(({ id }) => id) : []);
    this.draw();
    this.onChange();
  }

  draw() {
    const words = this.search.value.trim();
    this.list.replaceChildren(...this.subjects.filter(({ name }) => name.includes(words)).map((subject) => this.choice(subject)));
  }

  choice({ id, name, cells }) {
    const change = (event) => {
      if (event.target.checked) this.chosen.add(id);
      else this.chosen.delete(id);
      this.onChange();
    };
    const box = h("input", { type: "checkbox", checked: this.chosen.has(id), on: { change } });
    return h("label", { class: "check" }, box, h("span", {}, `${name} (${cells.length})`));
  }
}
