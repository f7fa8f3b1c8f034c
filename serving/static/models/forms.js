// What starts a training or an evaluation.

import { field, h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { startEvaluation, startTraining } from "./calls.js";

/** What of the recipe can be set here; the service's own defaults hold for what is left empty. */
const SETTINGS = {
  epochs: { min: 0.01, max: 100, step: "any", placeholder: "2" },
  learning_rate: { min: 0, max: 0.01, step: "any", placeholder: "5e-5" },
  batch_characters: { min: 64, max: 16384, step: 1, placeholder: "1536" },
  seed: { min: 0, step: 1, placeholder: "13" },
};

function choice(names, attributes = {}) {
  return h("select", { required: true, ...attributes }, names.map((name) => h("option", { value: name }, name)));
}

function panel(title, about, datasets, form, problem) {
  const content = datasets.length > 0 ? [form, problem] : [h("p", { class: "empty" }, say("models.needsData"))];
  return h("section", { class: "panel sheet" }, h("h2", {}, say(title)), h("p", { class: "hint" }, say(about)), content);
}

export function trainingForm(datasets, models) {
  const problem = problemBox();
  const names = datasets.map(({ name }) => name);
  const heldOutName = names.find((name) => /留出|held.?out|dev|test/i.test(name));
  const dataset = choice(names);
  const heldOut = choice(names);
  dataset.value = names.find((name) => /训练|train/i.test(name)) ?? names[0];
  if (heldOutName) heldOut.value = heldOutName;
  const base = h("select", {}, h("option", { value: "" }, say("models.currentOne")), models.map(({ version }) => h("option", { value: version }, version)));
  const version = h("input", { maxlength: 100, autocomplete: "off", placeholder: say("models.madeUp") });
  const settings = Object.entries(SETTINGS).map(([name, attributes]) => [name, h("input", { type: "number", ...attributes })]);
  const submit = (event) => {
    event.preventDefault();
    const recipe = Object.fromEntries(settings.filter(([, input]) => input.value).map(([name, input]) => [name, Number(input.value)]));
    const asked = { dataset: dataset.value, held_out: heldOut.value, recipe };
    if (base.value) asked.base_model = base.value;
    if (version.value.trim()) asked.version = version.value.trim();
    attempt(problem, async () => {
      location.hash = addressOf("training", (await startTraining(asked)).id);
    });
  };
  const stacked = { class: "field stacked" };
  const form = h(
    "form",
    { id: "training-form", on: { submit } },
    h(
      "div",
      { class: "visually-even" },
      field(say("models.trainOn"), dataset, stacked),
      field(say("models.heldOut"), heldOut, stacked),
      field(say("models.base"), base, stacked),
      field(say("models.newVersion"), version, stacked),
    ),
    h(
      "details",
      { class: "more" },
      h("summary", {}, say("models.settings")),
      h("div", { class: "visually-even" }, settings.map(([name, input]) => field(say(`models.recipe.${name}`), input, stacked))),
    ),
    h("div", { class: "controls end" }, h("button", { type: "submit", class: "primary" }, say("models.train"))),
  );
  return panel("models.trainTitle", "models.trainAbout", datasets, form, problem);
}

export function evaluationForm(datasets, models) {
  const problem = problemBox();
  const dataset = choice(datasets.map(({ name }) => name));
  const model = choice(models.map(({ version }) => version));
  const current = models.find((one) => one.is_current);
  if (current) model.value = current.version;
  const submit = (event) => {
    event.preventDefault();
    attempt(problem, async () => {
      location.hash = addressOf("evaluation", (await startEvaluation({ dataset: dataset.value, model: model.value })).id);
    });
  };
  const stacked = { class: "field stacked" };
  const form = h(
    "form",
    { id: "evaluation-form", on: { submit } },
    h("div", { class: "visually-even" }, field(say("models.version"), model, stacked), field(say("models.data"), dataset, stacked)),
    h("div", { class: "controls end" }, h("button", { type: "submit", class: "primary" }, say("models.evaluate"))),
  );
  return panel("models.evaluateTitle", "models.evaluateAbout", datasets, form, problem);
}
