// The chosen span with all that can be corrected about it: label, status, edges, links.

import { button, h } from "../common/dom.js";
import { nameOf, say } from "../common/strings.js";
import { LABELS, STATUSES, VALUE_LABELS } from "../read/report.js";
import { LINK_TYPES } from "./draft.js";

/** Spans within this many characters are offered as ends of a link; the nearest first. */
const NEAR = 400;
const OFFERED = 40;

export class Inspector {
  constructor(box, desk) {
    Object.assign(this, { box, desk });
  }

  get entity() {
    return this.desk.draft?.entity(this.desk.selected);
  }

  isValue() {
    return VALUE_LABELS.has(this.entity?.label);
  }

  draw() {
    const { entity } = this;
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.box.replaceChildren(...(entity ? this.parts(entity) : [this.help()]));
    if (focused) this.box.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  help() {
    return h("p", { class: "hint" }, say("correct.help"));
  }

  parts(entity) {
    const { draft } = this.desk;
    const remove = button(say("correct.remove"), () => this.desk.remove(entity.id), { class: "danger", data: { key: "remove" } });
    const head = h(
      "div",
      { class: "inspector-head" },
      h("strong", { class: `span ${entity.label}` }, draft.text.slice(entity.start, entity.end)),
      remove,
    );
    const labels = this.choice(say("correct.label"), LABELS, "labels", entity.label, (label) => draft.relabel(entity.id, label), true);
    const known = LABELS.includes(entity.label) ? [] : [h("span", { class: "badge" }, entity.label)];
    const status = VALUE_LABELS.has(entity.label)
      ? [this.choice(say("statusLabel"), STATUSES, "statuses", entity.status ?? "actual", (one) => draft.setStatus(entity.id, one))]
      : [];
    return [head, ...known, labels, ...status, this.edges(entity), ...this.links(entity)];
  }

  choice(words, options, group, chosen, choose, hasKeys = false) {
    const buttons = options.map((option, index) =>
      h(
        "button",
        {
          type: "button",
          class: group === "labels" ? option : "",
          "aria-pressed": option === chosen,
          data: { key: `${group}-${option}` },
          on: { click: () => choose(option) },
        },
        nameOf(group, option),
        hasKeys && h("kbd", { "aria-hidden": "true" }, String(index + 1)),
      ),
    );
    return h("div", { class: "row" }, h("span", { class: "row-name" }, words), h("div", { class: "segments", role: "group", "aria-label": words }, buttons));
  }

  edges(entity) {
    const { draft } = this.desk;
    const step = (name, from, to, sign) =>
      button(sign, () => draft.resize(entity.id, entity.start + from, entity.end + to), {
        "aria-label": say(`correct.${name}`),
        title: say(`correct.${name}`),
        data: { key: name },
      });
    return h(
      "div",
      { class: "row" },
      h("span", { class: "row-name" }, say("correct.edges")),
      h("div", { class: "segments" }, step("startLeft", -1, 0, "⇤"), step("startRight", 1, 0, "⇥")),
      h("span", { class: "excerpt", "aria-hidden": "true" }, this.excerpt(entity)),
      h("div", { class: "segments" }, step("endLeft", 0, -1, "⇤"), step("endRight", 0, 1, "⇥")),
    );
  }

  /** The span's ends with what stands beside them. */
  excerpt({ start, end }) {
    const { text } = this.desk.draft;
    const before = text.slice(Math.max(0, start - 3), start).split("\n").pop();
    const after = text.slice(end, end + 3).split("\n")[0];
    const inside = text.slice(start, end);
    const shown = inside.length > 10 ? `${inside.slice(0, 4)}…${inside.slice(-4)}` : inside;
    return [before, h("b", {}, shown), after];
  }

  links(entity) {
    const { draft } = this.desk;
    const isValue = VALUE_LABELS.has(entity.label);
    if (!isValue && !LINK_TYPES[entity.label]) return [];
    const found = isValue
      ? draft.linksFrom(entity.id).map(({ from, to }) => ({ from, to, other: to }))
      : draft.linksTo(entity.id).map(({ from, to }) => ({ from, to, other: from }));
    const items = found.map(({ from, to, other }) => this.linkItem(from, to, draft.entity(other))).filter(Boolean);
    const words = say(isValue ? "correct.belongsTo" : "correct.values");
    return [
      h("div", { class: "row" }, h("span", { class: "row-name" }, words), h("ul", { class: "links", "aria-label": words }, items, this.offer(entity, isValue))),
    ];
  }

  linkItem(from, to, other) {
    if (!other) return null;
    const words = this.desk.words(other.id);
    const show = button(words, () => this.desk.view.choose(other.id), { class: `key ${other.label}`, title: nameOf("labels", other.label) });
    const cut = button("×", () => this.desk.draft.unlink(from, to), {
      class: "quiet",
      "aria-label": say("correct.unlink")(words),
      title: say("correct.unlink")(words),
    });
    return h("li", {}, show, cut);
  }

  /** A list of near spans to link with. */
  offer(entity, isValue) {
    const { draft } = this.desk;
    const linked = new Set((isValue ? draft.linksFrom(entity.id) : draft.linksTo(entity.id)).map(({ from, to }) => (isValue ? to : from)));
    const distance = (other) => Math.max(other.start - entity.end, entity.start - other.end);
    const near = draft.state.entities
      .filter((other) => distance(other) < NEAR && !linked.has(other.id))
      .filter((other) => (isValue ? draft.canLink(entity.id, other.id) : draft.canLink(other.id, entity.id)))
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, OFFERED);
    const options = near.map((other) => h("option", { value: other.id }, `${nameOf("labels", other.label)} ${this.desk.words(other.id).slice(0, 24)}`));
    const choose = (event) => {
      const other = event.target.value;
      if (!other) return;
      if (isValue) draft.link(entity.id, other);
      else draft.link(other, entity.id);
    };
    const select = h(
      "select",
      { "aria-label": say("correct.linkTo"), data: { key: "link" }, disabled: near.length === 0, on: { change: choose } },
      h("option", { value: "" }, say(near.length === 0 ? "correct.nothingNear" : "correct.linkTo")),
      options,
    );
    return h("li", {}, select);
  }

  focusLinks() {
    this.box.querySelector("[data-key='link']")?.focus();
  }
}
