// A view that shows one page at a time, each read from the service first.

import { h } from "./dom.js";
import { attempt, problemBox } from "./problems.js";
import { say } from "./strings.js";

export class PagedView {
  constructor(box) {
    this.box = box;
    this.problem = problemBox();
    this.content = h("div", { class: "view" });
    box.append(this.problem, this.content);
    this.visit = 0;
  }

  /**
   * Show what `make(visit)` gives: the parts of a page. `shown` names the page; where it is another than before, that
   * one gives way to a word that this one is loading. A visit knows `isOn()`, whether the reader is still there, and
   * `again()`, which shows the page anew.
   */
  async turnTo(shown, make, again) {
    const number = ++this.visit;
    const visit = { isOn: () => this.visit === number && !this.box.hidden, again };
    if (this.shown !== shown) this.content.replaceChildren(h("p", { class: "hint" }, say("loading")));
    this.shown = shown;
    const made = await attempt(this.problem, () => make(visit));
    // An answer that comes after the reader has gone on is not shown any more.
    if (this.visit === number) this.content.replaceChildren(...(made ?? []).filter(Boolean));
  }
}
