// A model card: as much of Markdown as cards use, made of elements, never of markup.

import { h } from "../common/dom.js";

/** The elements of a Markdown text: headings, paragraphs, lists, tables, code; **strong**, `code` and links inside. */
export function rendered(markdown) {
  const blocks = markdown.replaceAll("\r\n", "\n").split(/\n{2,}|\n(?=#)/);
  return blocks.map((block) => block.trim()).filter(Boolean).map(blockOf);
}

function blockOf(block) {
  const lines = block.split("\n");
  const heading = /^(#{1,4}) (.*)/.exec(block);
  if (heading) {
    const rest = lines.slice(1).join("\n").trim();
    const title = h(heading[1].length === 1 ? "h3" : "h4", {}, inline(heading[2]));
    return rest ? h("div", {}, title, blockOf(rest)) : title;
  }
  if (block.startsWith("```")) return h("pre", { class: "log" }, lines.slice(1, lines.at(-1).startsWith("```") ? -1 : undefined).join("\n"));
  if (lines.length > 1 && /^\|[\s:|-]+\|$/.test(lines[1])) return tableOf(lines);
  if (lines.every((line) => /^([-*] |\s)/.test(line))) return h("ul", {}, items(lines).map((item) => h("li", {}, inline(item))));
  return h("p", {}, inline(lines.join(" ")));
}

/** The items of a list; a line that is indented goes on with the one before. */
function items(lines) {
  const found = [];
  for (const line of lines) {
    if (/^[-*] /.test(line)) found.push(line.slice(2));
    else found[found.length - 1] += ` ${line.trim()}`;
  }
  return found;
}

function tableOf(lines) {
  const cells = (line) => line.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
  const row = (line, tag) => h("tr", {}, cells(line).map((cell) => h(tag, {}, inline(cell))));
  const head = cells(lines[0]).some(Boolean) ? [h("thead", {}, row(lines[0], "th"))] : [];
  return h("div", { class: "table-box" }, h("table", {}, head, h("tbody", {}, lines.slice(2).map((line) => row(line, "td")))));
}

function inline(words) {
  return words.split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\))/).filter(Boolean).map((part) => {
    if (part.startsWith("**")) return h("strong", {}, part.slice(2, -2));
    if (part.startsWith("`")) return h("code", {}, part.slice(1, -1));
    const link = /^\[([^\]]+)\]\((https?:[^)]+)\)$/.exec(part);
    return link ? h("a", { href: link[2], rel: "noreferrer" }, link[1]) : part.replace(/^\[([^\]]+)\]\([^)]+\)$/, "$1");
  });
}
