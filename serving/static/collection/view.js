// Collections of reports: the list of them, and one of them.

import { h } from "../common/dom.js";
import { attempt, problemBox } from "../common/problems.js";
import { say } from "../common/strings.js";
import { CollectionPage } from "./collection.js";
import { listPage } from "./list.js";

export class CollectionsView {
  constructor(box) {
    this.box = box;
    this.problem = problemBox();
    this.content = h("div", { class: "view" });
    box.append(this.problem, this.content);
    this.visit = 0;
  }

  /** Show #collections, #collections/ID or #collections/ID/INDICATOR. */
  async show([id, indicator]) {
    const number = ++this.visit;
    const visit = { isOn: () => this.visit === number && !this.box.hidden, again: () => this.show([id, indicator]) };
    if (this.shown !== id) this.content.replaceChildren(h("p", { class: "hint" }, say("loading")));
    this.shown = id;
    const made = await attempt(this.problem, () => (id ? CollectionPage.open(visit, id, indicator) : listPage(visit)));
    // An answer that comes after the reader has gone on is not shown any more.
    if (this.visit === number) this.content.replaceChildren(...(made ?? []));
  }
}
