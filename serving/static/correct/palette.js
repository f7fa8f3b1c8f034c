// The labels beside a selection of text.

import { h } from "../common/dom.js";
import { nameOf, say } from "../common/strings.js";
import { LABELS } from "../read/report.js";

/** A toolbar of labels in `box`; calls `onChoose(label)`. */
export class Palette {
  constructor(box, onChoose) {
    Object.assign(this, { box, onChoose });
    // A press must not take the selection away.
    box.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Show the toolbar below a DOM range, within the frame of the text. */
  show(range, frame) {
    this.box.setAttribute("aria-label", say("correct.mark"));
    this.box.replaceChildren(
      ...LABELS.map((label, index) =>
        h(
          "button",
          { type: "button", class: `key ${label}`, on: { click: () => this.onChoose(label) } },
          nameOf("labels", label),
          h("kbd", {}, String(index + 1)),
        ),
      ),
    );
    this.box.hidden = false;
    const place = range.getBoundingClientRect();
    const bounds = frame.getBoundingClientRect();
    const own = this.box.getBoundingClientRect();
    const left = Math.min(Math.max(8, place.left), innerWidth - own.width - 8);
    const below = place.bottom + 6;
    const isCut = below + own.height > Math.min(bounds.bottom, innerHeight);
    const top = isCut ? Math.max(8, place.top - own.height - 6) : below;
    this.box.style.left = `${left}px`;
    this.box.style.top = `${top}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}
