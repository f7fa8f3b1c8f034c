// The list of collections, and what makes a new one.

import { button, field, h, table } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { moment, nameOf, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { listCollections, submitReports } from "./calls.js";

const ACCEPTED = ".txt,.md,.html,.htm,.docx,.pdf,.xlsx";

/** The panels of the list. */
export async function listPage() {
  const found = await listCollections();
  const heads = ["documents", "created", "state"].map((head) => say(`collections.${head}`));
  return [
    h(
      "section",
      { class: "panel sheet" },
      h("h2", {}, say("collections.nav")),
      h("p", { class: "hint" }, say("collections.about")),
      found.length > 0 ? table(say("collections.nav"), heads, found.map(row)) : h("p", { class: "empty" }, say("collections.none")),
    ),
    newCollection(),
  ];
}

/** The name of a collection: its first documents. */
export function nameOfCollection({ names, documents }) {
  return say("collections.more")(names.map((name) => name.replace(/\.[^.]*$/, "")), documents);
}

/** How far the reading of a collection is. */
export function progressOf({ state, done, documents }) {
  const words = say("collections.states")[state] ?? state;
  return h("span", {}, h("span", { class: `badge ${state}` }, words), ` ${say("collections.read")({ done, documents })}`);
}

function row(one) {
  return [h("a", { href: addressOf(one.id) }, nameOfCollection(one)), moment(one.created), progressOf(one)];
}

function newCollection() {
  const problem = problemBox();
  const told = h("span", { class: "hint", role: "status" });
  const year = h("input", { type: "number", min: 1900, max: 2200, inputmode: "numeric", class: "year" });
  const input = h("input", { type: "file", multiple: true, accept: ACCEPTED, class: "hidden", tabindex: -1, "aria-hidden": true });
  const start = h("button", { type: "submit", class: "primary", disabled: true }, say("collections.start"));
  input.addEventListener("change", () => {
    told.textContent = say("collections.chosen")(input.files.length);
    start.disabled = input.files.length === 0;
  });
  const submit = (event) => {
    event.preventDefault();
    start.disabled = true;
    attempt(problem, async () => (location.hash = addressOf(await submitReports(input.files, year.value)))).then(() => {
      start.disabled = false;
    });
  };
  return h(
    "section",
    { class: "panel sheet" },
    h("h2", {}, say("collections.new")),
    h(
      "form",
      { class: "controls", on: { submit } },
      button(say("collections.choose"), () => input.click()),
      input,
      told,
      field(say("collections.year"), year),
      start,
    ),
    h("p", { class: "hint" }, say("dropHint").replace(/^.*?[：:]/, "")),
    problem,
  );
}
