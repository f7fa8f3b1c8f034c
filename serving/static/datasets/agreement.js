// How far two annotators agree, and where they do not: what each says, side by side.

import { button, h, table } from "../common/dom.js";
import { nameOf, percent, say } from "../common/strings.js";
import { addressOf, readingAddress } from "./address.js";
import { getAgreement } from "./calls.js";

const CHUNK = 100;

/** The panels of the comparison of two data sets. */
export async function agreementPage(first, second) {
  const found = await getAgreement(first, second);
  return [
    h("p", {}, h("a", { href: addressOf(first) }, `← ${first}`)),
    h(
      "section",
      { class: "panel sheet" },
      h("h2", {}, say("agreement.title")(first, second)),
      h("p", { class: "hint" }, say("agreement.documents")(found.documents, found.only_first.length, found.only_second.length)),
      h("div", { class: "tiles" }, tiles(found)),
      table(say("agreement.byKind"), [say("agreement.kind"), "F1"], scoreRows(found.f1)),
    ),
    new Differences(found, first, second).panel,
  ];
}

function tiles(found) {
  const figures = [
    ["spans", percent(found.f1.spans)],
    ["kappa", found.kappa.toFixed(3)],
    ["kappaOfMarked", found.kappa_of_marked.toFixed(3)],
    ["linksBetween", percent(found.links_between_agreed)],
    ["status", percent(found.status_agreed)],
  ];
  return figures.map(([name, value]) => h("div", { class: "tile" }, h("b", {}, value), h("span", {}, say(`agreement.${name}`))));
}

function scoreRows(f1) {
  return Object.entries(f1).map(([name, value]) => [scoreName(name), meter(value)]);
}

/** A score's name in words: spans:AMOUNT -> 标注 · 金额. */
export function scoreName(name) {
  const [kind, part] = name.split(":");
  const words = nameOf("scores", kind);
  if (!part) return words;
  return `${words} · ${nameOf("labels", part) === part ? nameOf("scoreParts", part) : nameOf("labels", part)}`;
}

/** A share as a bar with its figure. */
export function meter(value) {
  const bar = h("span", { class: "meter", "aria-hidden": "true" }, h("span", {}));
  bar.firstChild.style.width = `${value * 100}%`;
  return h("span", { class: "metered" }, bar, percent(value));
}

class Differences {
  constructor(found, first, second) {
    Object.assign(this, { all: found.disagreements, first, second });
    const kinds = [...new Set(this.all.map(({ kind }) => kind))];
    const options = kinds.map((kind) => h("option", { value: kind }, `${nameOf("disagreements", kind)} (${this.all.filter((one) => one.kind === kind).length})`));
    this.kind = h("select", { "aria-label": say("agreement.kind"), on: { change: () => this.draw() } }, h("option", { value: "" }, say("agreement.everyKind")), options);
    this.list = h("div", {});
    const more = found.disagreements_found > this.all.length ? say("agreement.first")(this.all.length, found.disagreements_found) : say("agreement.found")(found.disagreements_found);
    this.panel = h(
      "section",
      { class: "panel sheet" },
      h("div", { class: "panel-head" }, h("h2", {}, say("agreement.differences")), this.kind),
      h("p", { class: "hint" }, more),
      this.list,
    );
    this.draw();
  }

  draw(count = CHUNK) {
    const shown = this.all.filter(({ kind }) => !this.kind.value || kind === this.kind.value);
    const heads = [say("datasets.document"), say("save.place"), this.first, this.second];
    const rows = shown.slice(0, count).map((one) => [
      h("a", { href: readingAddress(this.first, one.document) }, one.document),
      h("td", { class: "excerpt" }, one.before.slice(-14).split("\n").pop(), h("b", {}, one.text), one.after.slice(0, 14).split("\n")[0]),
      side(one.first, one),
      side(one.second, one),
    ]);
    const more = shown.length > count && button(say("datasets.more")(shown.length - count), () => this.draw(count + 5 * CHUNK));
    this.list.replaceChildren(rows.length > 0 ? table(say("agreement.differences"), heads, rows, { class: "comparison" }) : h("p", { class: "empty" }, say("agreement.none")), ...(more ? [more] : []));
  }
}

/** What one annotator says of a place: a span, a link, a status, or nothing. */
function side(said, { label, text }) {
  if (!said) return h("td", { class: "nothing" }, say("save.nothing"));
  if (said.target) return h("td", {}, `${said.value.text} → ${said.target.text}`);
  const kind = said.label ?? label;
  const words = [nameOf("labels", kind), said.status && nameOf("statuses", said.status), said.text !== text && `“${said.text}”`];
  return h("td", {}, h("span", { class: `dot ${kind}`, "aria-hidden": "true" }), words.filter(Boolean).join(" · "));
}
