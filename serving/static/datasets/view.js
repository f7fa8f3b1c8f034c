// Data sets: the list of them, one of them, two of them compared.

import { h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { say } from "../common/strings.js";
import { agreementPage } from "./agreement.js";
import { datasetPage } from "./dataset.js";
import { listPage } from "./list.js";

export class DatasetsView {
  constructor(box) {
    this.problem = problemBox();
    this.content = h("div", { class: "view" });
    box.append(this.problem, this.content);
  }

  /** Show #datasets, #datasets/NAME, or #datasets/NAME/agreement/OTHER. */
  async show([name, page, other]) {
    const shown = [name, page, other].join("/");
    if (this.shown !== shown) this.content.replaceChildren(h("p", { class: "hint" }, say("loading")));
    this.shown = shown;
    const again = () => this.show([name, page, other]);
    const made = await attempt(this.problem, () => {
      if (page === "agreement" && other) return agreementPage(name, other);
      return name ? datasetPage(name, again) : listPage(again);
    });
    // An answer that comes after the reader has gone on is not shown any more.
    if (this.shown === shown) this.content.replaceChildren(...(made ?? []));
  }
}
