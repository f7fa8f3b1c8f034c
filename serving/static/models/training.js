// One training: its stage, log and curve as they come, then the candidate's scores.

import { button, h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { moment, nameOf, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { getEvents, getTraining } from "./calls.js";
import { isUnfinished, jobControls, resultPanels } from "./evaluation.js";
import { stateBadge } from "./list.js";
import { Curve } from "./plots.js";
import { promote } from "./promote.js";

const PAUSE = 1500;
/** Bars that libraries draw in a terminal; the curve and the stage tell more. */
const PROGRESS_BAR = /\d+%\|.*\|/;
/** Colours of a terminal. */
const ANSI = /\u001b\[[\d;]*m/g;

/** The panels of a training; log and curve grow until it has ended. */
export async function trainingPage(visit, id) {
  const page = new TrainingPage(visit, id);
  await page.load();
  return page.panels;
}

class TrainingPage {
  constructor(visit, id) {
    Object.assign(this, { visit, id, after: 0, problem: problemBox(), curve: new Curve() });
    this.head = h("section", { class: "panel sheet" });
    // Every line spoken would be too much: the state in the head is what is told.
    this.log = h("pre", { class: "log", tabindex: 0, "aria-label": say("models.log") });
    this.noPoints = h("p", { class: "hint" }, say("models.noPoints"));
    this.results = h("div", { class: "view" });
    this.panels = [
      h("p", {}, h("a", { href: addressOf() }, `← ${say("nav.models")}`)),
      this.head,
      this.problem,
      this.results,
      h(
        "div",
        { class: "two" },
        h("section", { class: "panel sheet" }, h("h2", {}, say("models.curve")), this.noPoints, this.curve.box),
        h("section", { class: "panel sheet" }, h("h2", {}, say("models.log")), this.log),
      ),
    ];
  }

  async load() {
    this.show(await getTraining(this.id));
    await this.takeEvents();
    if (isUnfinished(this.found.state)) setTimeout(() => this.visit.isOn() && this.again(), PAUSE);
  }

  async again() {
    await attempt(this.problem, () => this.load());
  }

  async takeEvents() {
    for (;;) {
      const { events, next } = await getEvents(this.id, this.after);
      this.after = next;
      if (events.length === 0) return;
      const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 30;
      this.log.append(events.filter(({ text }) => text?.trim() && !PROGRESS_BAR.test(text)).map(({ text }) => `${text.replace(ANSI, "")}\n`).join(""));
      if (isAtEnd) this.log.scrollTop = this.log.scrollHeight;
      this.curve.add(events.map(({ point }) => point).filter(Boolean));
      this.noPoints.hidden = this.curve.points.size > 0;
    }
  }

  show(found) {
    const isNew = found.state !== this.found?.state;
    this.found = found;
    const epochs = found.recipe.epochs;
    const stage = found.stage ? say("models.stage")(nameOf("stages", found.stage), found.epoch, epochs) : "";
    const isAtWork = isUnfinished(found.state);
    const bar = isAtWork && found.stage === "fit" && h("progress", { max: epochs, value: found.epoch ?? 0, "aria-label": say("models.epoch") });
    const doPromote = found.result && button(`${say("models.promote")}…`, () => promote(found.version, () => (location.hash = addressOf("version", found.version))), { class: "primary" });
    this.head.replaceChildren(
      h("div", { class: "panel-head" }, h("h2", {}, say("models.trainingOf")(found.version)), h("div", { class: "controls" }, jobControls(found, { again: () => this.again() }), doPromote)),
      h("p", { role: "status" }, stateBadge(found.state), isAtWork ? ` ${stage}` : ""),
      h("p", { class: "hint" }, say("models.trainingAbout")(found), ` ${found.author} ${moment(found.created)}`),
      ...[bar, found.error && h("p", { class: "problem" }, found.error), found.result && candidateLinks(found)].filter(Boolean),
    );
    if (isNew && found.result) this.results.replaceChildren(...resultPanels(found.result.evaluation).filter(Boolean));
  }
}

function candidateLinks({ version, base_model: base }) {
  const links = [
    h("a", { href: addressOf("version", version) }, version),
    h("a", { href: addressOf("compare", base, version) }, say("models.compareWith")(base)),
  ];
  return h("p", { class: "controls" }, links);
}
