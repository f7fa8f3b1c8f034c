// Annotated documents from a file into a data set.

import { button, field, h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { say } from "../common/strings.js";
import { addDocuments } from "./calls.js";

export const FORMATS = ["zhibiao", "doccano", "labelstudio", "conll", "markup"];

/** A panel that adds the documents of a file to the data set `name`, or to one that is named there. */
export function importForm(name, again) {
  const problem = problemBox();
  const told = h("p", { class: "hint", role: "status" });
  const dataset = h("input", { required: true, maxlength: 100, autocomplete: "off" });
  const file = fileField(".jsonl,.json,.txt,.conll,.tsv");
  const format = h("select", {}, FORMATS.map((one) => h("option", { value: one }, say(`formats.${one}`))));
  const submit = (event) => {
    event.preventDefault();
    attempt(problem, async () => {
      const [chosen] = file.input.files;
      if (!chosen) {
        file.open();
        return;
      }
      const id = format.value === "markup" ? chosen.name.replace(/\.[^.]*$/, "") : undefined;
      const added = await addDocuments(name ?? dataset.value.trim(), await chosen.text(), { format: format.value, id });
      told.textContent = say("datasets.added")(added.length);
      await again();
    });
  };
  return h(
    "section",
    { class: "panel sheet" },
    h("h2", {}, say("datasets.import")),
    h(
      "form",
      { class: "controls", on: { submit } },
      !name && field(say("datasets.name"), dataset),
      file.box,
      field(say("datasets.format"), format),
      h("button", { type: "submit" }, say("datasets.add")),
    ),
    told,
    problem,
  );
}

/** A button that lets the reader choose a file and tells its name; a browser's own is in the browser's language. */
function fileField(accept) {
  const name = h("span", { class: "hint" });
  const input = h("input", { type: "file", accept, class: "hidden", tabindex: -1, "aria-hidden": true });
  input.addEventListener("change", () => (name.textContent = input.files[0]?.name ?? ""));
  const open = () => input.click();
  return { input, open, box: h("span", { class: "field" }, button(say("choose"), open), input, name) };
}
