// Elements, made without markup: what users and documents say only ever becomes text.

/** The element with this id. */
export const $ = (id) => document.getElementById(id);

/**
 * An element with its attributes and children. `on` holds listeners, `data` the data attributes; an attribute that is
 * true stands without a value, one that is false, null or undefined is left out (of aria-*, which are true or false,
 * only the last two). Children are nodes or words.
 */
export function h(tag, { on = {}, data = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    const isStated = name.startsWith("aria-") && typeof value === "boolean";
    if (!isStated && (value === false || value === null || value === undefined)) continue;
    element.setAttribute(name, value === true && !isStated ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  Object.assign(element.dataset, data);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button that does something. */
export function button(words, onClick, attributes = {}) {
  return h("button", { type: "button", on: { click: onClick }, ...attributes }, words);
}

/** A table with a caption for those who cannot see it, heads, and rows of cells (nodes, or words). */
export function table(caption, heads, rows, attributes = {}) {
  return h(
    "div",
    { class: "table-box" },
    h(
      "table",
      attributes,
      h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows.map((cells) => (cells instanceof Node ? cells : h("tr", {}, cells.map(cell))))),
    ),
  );
}

function cell(content) {
  return content instanceof HTMLTableCellElement ? content : h("td", {}, content);
}

/** A field with its label; the control takes the rest of the attributes of `input`. */
export function field(words, control, attributes = {}) {
  return h("label", { class: "field", ...attributes }, h("span", {}, words), control);
}

/** Offer a Blob for saving under a name. */
export function saveAs(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Do something some milliseconds after the last time that it was asked for. */
export function delayed(milliseconds, work) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}
