// Between places on the screen and offsets in the text.

/** The offset in the text of a place in the reader's DOM; null outside its paragraphs. */
export function offsetOf(box, node, offset) {
  const element = node instanceof Element ? node : node.parentElement;
  const paragraph = element?.closest("p[data-start]");
  if (!paragraph || !box.contains(paragraph)) return atParagraph(box, node, offset);
  const range = document.createRange();
  range.setStart(paragraph, 0);
  range.setEnd(node, offset);
  return Number(paragraph.dataset.start) + range.toString().length;
}

/** A selection that reaches beyond a paragraph may end between two of them. */
function atParagraph(box, node, offset) {
  const next = node === box ? box.children[offset] : null;
  return next?.dataset.start === undefined ? null : Number(next.dataset.start);
}

/** The offset in the text under a point of the window; null outside the text. */
export function offsetAt(box, x, y) {
  if (document.caretPositionFromPoint) {
    const place = document.caretPositionFromPoint(x, y);
    return place && offsetOf(box, place.offsetNode, place.offset);
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? offsetOf(box, range.startContainer, range.startOffset) : null;
}

/** The selected range of the text, {start, end}; null where nothing of it is selected. */
export function selectedRange(box) {
  const selection = getSelection();
  if (selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!box.contains(range.startContainer) || !box.contains(range.endContainer)) return null;
  const start = offsetOf(box, range.startContainer, range.startOffset);
  const end = offsetOf(box, range.endContainer, range.endOffset);
  return start === null || end === null || start === end ? null : { start: Math.min(start, end), end: Math.max(start, end) };
}

/** A DOM range over [start, end) of one paragraph of the text. */
export function domRange(paragraph, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let at = Number(paragraph.dataset.start);
  range.selectNodeContents(paragraph);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const next = at + node.length;
    if (at <= start && start <= next) range.setStart(node, start - at);
    if (at <= end && end <= next) {
      range.setEnd(node, end - at);
      break;
    }
    at = next;
  }
  return range;
}
