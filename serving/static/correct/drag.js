// Dragging with mouse, pen or finger: the edges of a span, and a link from a value to what it belongs to.

import { h } from "../common/dom.js";
import { domRange, offsetAt } from "./places.js";

const SVG = "http://www.w3.org/2000/svg";

/** Handles on the selected span. `desk` has `draft`, `reader`, and takes `drop` of a link as `draft.link`. */
export class Handles {
  constructor(desk, box) {
    Object.assign(this, { desk, box });
    box.addEventListener("pointerdown", (event) => this.begin(event));
  }

  /** Put handles on a span: at both edges, and a knob to link with where `canLink`. */
  place(span, canLink) {
    this.remove();
    if (!span) return;
    const handle = (kind) => h("i", { class: `handle ${kind}`, data: { handle: kind }, contenteditable: "false", "aria-hidden": "true" });
    span.prepend(handle("start"));
    span.append(handle("end"), ...(canLink ? [handle("knob")] : []));
  }

  remove() {
    for (const handle of this.box.querySelectorAll(".handle")) handle.remove();
  }

  begin(event) {
    const handle = event.target.closest?.(".handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    const id = handle.closest(".span").dataset.entity;
    const drag = handle.dataset.handle === "knob" ? new LinkDrag(this, id, handle) : new EdgeDrag(this, id, handle);
    const move = (moved) => {
      this.scrollNearEdge(moved.clientY);
      drag.move(moved.clientX, moved.clientY);
    };
    const end = (ended) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      drag.end(ended.type === "pointerup");
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  scrollNearEdge(y) {
    const frame = this.box.getBoundingClientRect();
    if (y < frame.top + 30) this.box.scrollTop -= 14;
    if (y > frame.bottom - 30) this.box.scrollTop += 14;
  }
}

class EdgeDrag {
  constructor({ desk, box }, id, handle) {
    Object.assign(this, { desk, box, id, edge: handle.dataset.handle });
    this.paragraph = handle.closest("p");
  }

  move(x, y) {
    const offset = offsetAt(this.box, x, y);
    if (offset === null) return;
    const entity = this.desk.draft.entity(this.id);
    const { start, end } = { ...entity, [this.edge]: offset };
    this.range = this.desk.draft.fitted(entity, start, end);
    // The preview needs no change of the document: where a browser has no highlights, the drop shows the result.
    if (globalThis.Highlight) {
      CSS.highlights.set("preview", new Highlight(domRange(this.paragraph, this.range.start, this.range.end)));
    }
  }

  end(isDone) {
    globalThis.CSS?.highlights?.delete("preview");
    if (isDone && this.range) this.desk.draft.resize(this.id, this.range.start, this.range.end);
  }
}

class LinkDrag {
  constructor({ desk, box }, id, handle) {
    Object.assign(this, { desk, box, id });
    const { left, top, width, height } = handle.getBoundingClientRect();
    this.line = document.createElementNS(SVG, "line");
    this.line.setAttribute("x1", left + width / 2);
    this.line.setAttribute("y1", top + height / 2);
    this.layer = document.createElementNS(SVG, "svg");
    this.layer.setAttribute("class", "link-layer");
    this.layer.append(this.line);
  }

  move(x, y) {
    if (!this.layer.isConnected) document.body.append(this.layer);
    this.line.setAttribute("x2", x);
    this.line.setAttribute("y2", y);
    this.target?.classList.remove("target");
    const span = document.elementFromPoint(x, y)?.closest(".span");
    this.target = span && this.desk.draft.canLink(this.id, span.dataset.entity) ? span : null;
    this.target?.classList.add("target");
  }

  end(isDone) {
    this.layer.remove();
    this.target?.classList.remove("target");
    if (isDone && this.target) this.desk.draft.link(this.id, this.target.dataset.entity);
  }
}
