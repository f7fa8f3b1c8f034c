// Models: versions, one of them, two of them side by side, trainings and evaluations.

import { h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { say } from "../common/strings.js";
import { comparePage } from "./compare.js";
import { evaluationPage } from "./evaluation.js";
import { listPage } from "./list.js";
import { trainingPage } from "./training.js";
import { versionPage } from "./version.js";

const PAGES = { version: versionPage, compare: comparePage, training: trainingPage, evaluation: evaluationPage };

export class ModelsView {
  constructor(box) {
    this.box = box;
    this.problem = problemBox();
    this.content = h("div", { class: "view" });
    box.append(this.problem, this.content);
    this.visit = 0;
  }

  /**
   * Show a page (see addressOf). Each is given its parts and a visit: `isOn()` says whether the reader is still
   * there, `again()` shows the page anew.
   */
  async show([page, ...parts]) {
    const number = ++this.visit;
    const visit = { isOn: () => this.visit === number && !this.box.hidden, again: () => this.show([page, ...parts]) };
    const shown = [page, ...parts].join("/");
    if (this.shown !== shown) this.content.replaceChildren(h("p", { class: "hint" }, say("loading")));
    this.shown = shown;
    const made = await attempt(this.problem, () => (PAGES[page] ?? listPage)(visit, ...parts));
    if (this.visit === number) this.content.replaceChildren(...(made ?? []).filter(Boolean));
  }
}
