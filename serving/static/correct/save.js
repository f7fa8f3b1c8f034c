// Saving a corrected report into a data set. Where another has saved since, both versions are shown and none is lost.

import { $, button, field, h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { ProblemError } from "../common/service.js";
import { moment, say } from "../common/strings.js";
import { addDocuments, getDocument, listDatasets, listVersions, saveDocument } from "../datasets/calls.js";
import { stateOf } from "./draft.js";
import { comparison } from "./comparison.js";

const DATASET = "zhibiao.dataset";

/** The dialog; `view.place` is where the report came from or was saved to last: {dataset, id, version} or null. */
export class SaveDialog {
  constructor(view, desk) {
    Object.assign(this, { view, desk, dialog: $("save-dialog"), problem: problemBox() });
    $("save").addEventListener("click", () => this.open());
  }

  async open() {
    const { place } = this.view;
    this.names = h("datalist", { id: "dataset-names" });
    const name = place?.dataset ?? sessionStorage.getItem(DATASET) ?? "";
    this.dataset = h("input", { list: "dataset-names", required: true, maxlength: 100, value: name, autocomplete: "off" });
    this.id = h("input", { required: true, maxlength: 200, value: place?.id ?? this.view.suggestedId(), autocomplete: "off" });
    const form = h(
      "form",
      { on: { submit: (event) => this.submit(event) } },
      h("h2", { id: "save-title" }, say("save.title")),
      h("p", { class: "hint" }, place ? say("save.from")(place) : say("save.new")),
      field(say("save.dataset"), this.dataset, { class: "field stacked" }),
      field(say("save.id"), this.id, { class: "field stacked" }),
      this.names,
      this.problem,
      h("div", { class: "controls end" }, this.closer(), h("button", { type: "submit", class: "primary" }, say("save.save"))),
    );
    this.problem.hidden = true;
    this.show(form);
    const known = await attempt(this.problem, listDatasets);
    this.names.replaceChildren(...(known ?? []).map((one) => h("option", { value: one.name })));
  }

  show(...content) {
    this.dialog.replaceChildren(...content);
    if (!this.dialog.open) this.dialog.showModal();
  }

  closer(words = say("save.close")) {
    return button(words, () => this.dialog.close());
  }

  async submit(event) {
    event.preventDefault();
    const [dataset, id] = [this.dataset.value.trim(), this.id.value.trim()];
    sessionStorage.setItem(DATASET, dataset);
    const { place } = this.view;
    const isSame = place && place.dataset === dataset && place.id === id;
    await attempt(this.problem, () => (isSame ? this.put(dataset, id, place.version) : this.add(dataset, id)));
  }

  async add(dataset, id) {
    const { state } = this.desk.draft;
    try {
      const [saved] = await addDocuments(dataset, JSON.stringify(this.desk.draft.document(id)));
      this.done(dataset, saved, state);
    } catch (error) {
      await this.orCompare(error, dataset, id);
    }
  }

  async put(dataset, id, version) {
    const { state } = this.desk.draft;
    try {
      this.done(dataset, await saveDocument(dataset, this.desk.draft.document(id), version), state);
    } catch (error) {
      await this.orCompare(error, dataset, id);
    }
  }

  done(dataset, saved, state) {
    this.view.place = { dataset, id: saved.id, version: saved.version };
    this.desk.draft.saved = state;
    this.desk.showState();
    this.desk.say(say("save.done")(this.view.place));
    this.dialog.close();
  }

  /** Another version is there: show it beside the reader's own. */
  async orCompare(error, dataset, id) {
    if (!(error instanceof ProblemError) || error.problem.status !== 409) throw error;
    const [theirs, versions] = await Promise.all([getDocument(dataset, id), listVersions(dataset, id)]);
    const { author, created } = versions.at(-1);
    const { draft } = this.desk;
    const hasSameText = theirs.document.text === draft.text;
    const mine = button(say("save.mine"), () => attempt(this.problem, () => this.put(dataset, id, theirs.version)), { class: "primary" });
    const take = button(say("save.theirs"), () => this.takeTheirs(dataset, theirs));
    this.show(
      h("h2", { id: "save-title" }, say("save.conflict")),
      h("p", {}, say("save.other")({ id, author, version: theirs.version, created: moment(created) })),
      hasSameText ? comparison(draft.text, draft.state, stateOf(theirs.document)) : h("p", { class: "problem" }, say("save.otherText")),
      h("p", { class: "hint" }, say("save.choices")),
      this.problem,
      h("div", { class: "controls end" }, this.closer(say("save.back")), button(say("save.rename"), () => this.rename(dataset, id)), hasSameText && take, mine),
    );
  }

  /** Their annotations become a step of the draft, which undo takes back. */
  takeTheirs(dataset, { document, version }) {
    const { draft } = this.desk;
    const state = stateOf(document);
    draft.change(state);
    draft.saved = state;
    this.view.place = { dataset, id: document.id, version };
    this.desk.showState();
    this.desk.say(say("save.taken"));
    this.dialog.close();
  }

  async rename(dataset, id) {
    await this.open();
    this.dataset.value = dataset;
    this.id.value = `${id}-2`;
    this.id.focus();
  }
}
