// One data set: its documents with their versions, export, agreement with another, split.

import { button, field, h, saveAs, table } from "../common/dom.js";
import { askInDialog, showInDialog } from "../common/dialog.js";
import { attempt, problemBox } from "../common/problems.js";
import { moment, say } from "../common/strings.js";
import { addressOf, readingAddress } from "./address.js";
import { deleteDocument, exportDocuments, listDatasets, listDocuments, listVersions, splitDataset } from "./calls.js";
import { FORMATS, importForm } from "./import.js";

const ENDINGS = { zhibiao: "jsonl", doccano: "jsonl", labelstudio: "json", conll: "conll", markup: "zip" };
/** Rows that are written at once; more on demand. */
const CHUNK = 300;

/** The panels of a data set; `again()` shows it anew. */
export async function datasetPage(name, again) {
  const [documents, datasets] = await Promise.all([listDocuments(name), listDatasets()]);
  const others = datasets.map((one) => one.name).filter((one) => one !== name);
  const problem = problemBox();
  return [
    h("p", {}, h("a", { href: addressOf() }, `← ${say("nav.datasets")}`)),
    h(
      "section",
      { class: "panel sheet" },
      h("h2", {}, name),
      h("p", { class: "hint" }, say("datasets.count")(documents.length)),
      h("div", { class: "tasks" }, exporter(name, problem), comparer(name, others), splitter(name)),
      problem,
      documentTable(name, documents, again),
    ),
    importForm(name, again),
  ];
}

function documentTable(name, documents, again) {
  const heads = ["document", "version", "author", "saved", "actions"].map((head) => say(`datasets.${head}`));
  const box = table(name, heads, documents.slice(0, CHUNK).map((one) => row(name, one, again)));
  if (documents.length <= CHUNK) return box;
  const more = button(say("datasets.more")(documents.length - CHUNK), () => {
    box.querySelector("tbody").append(...documents.slice(CHUNK).map((one) => row(name, one, again)));
    more.remove();
  });
  return h("div", {}, box, more);
}

function row(name, one, again) {
  const open = h("a", { href: readingAddress(name, one.id) }, one.id);
  const history = button(say("datasets.history"), () => showHistory(name, one.id), { class: "quiet" });
  const remove = button(say("datasets.delete"), () => askToDelete(name, one, again), { class: "quiet danger" });
  const cells = [open, String(one.version), one.author, moment(one.created), h("div", { class: "controls" }, history, remove)];
  return h("tr", {}, cells.map((cell) => h("td", {}, cell)));
}

async function showHistory(name, id) {
  const versions = await listVersions(name, id);
  const rows = versions.reverse().map((one) => [
    one.is_deleted ? `${one.version} · ${say("datasets.deleted")}` : h("a", { href: readingAddress(name, id, one.version) }, String(one.version)),
    one.author,
    moment(one.created),
  ]);
  const heads = ["version", "author", "saved"].map((head) => say(`datasets.${head}`));
  const content = table(say("datasets.history"), heads, rows);
  for (const link of content.querySelectorAll("a")) link.addEventListener("click", () => link.closest("dialog").close());
  showInDialog(`${id} · ${say("datasets.history")}`, content);
}

async function askToDelete(name, { id, version }, again) {
  const isDone = await askInDialog({
    title: say("datasets.delete"),
    content: h("p", {}, say("datasets.deleteAbout")(id)),
    yes: say("datasets.delete"),
    isDanger: true,
    act: () => deleteDocument(name, id, version),
  });
  if (isDone) await again();
}

function exporter(name, problem) {
  const format = h("select", { "aria-label": say("datasets.format") }, FORMATS.map((one) => h("option", { value: one }, say(`formats.${one}`))));
  const save = () =>
    attempt(problem, async () => saveAs(await exportDocuments(name, format.value), `${name}.${ENDINGS[format.value]}`));
  return h("div", { class: "controls" }, format, button(say("datasets.export"), save));
}

function comparer(name, others) {
  if (others.length === 0) return null;
  const other = h("select", { "aria-label": say("datasets.second") }, others.map((one) => h("option", { value: one }, one)));
  const compare = () => (location.hash = addressOf(name, "agreement", other.value));
  return h("div", { class: "controls" }, other, button(say("datasets.compare"), compare));
}

function splitter(name) {
  const split = async () => {
    const train = h("input", { required: true, maxlength: 100, value: `${name}-${say("datasets.trainName")}` });
    const heldOut = h("input", { required: true, maxlength: 100, value: `${name}-${say("datasets.heldOutName")}` });
    const share = h("input", { type: "number", required: true, min: 1, max: 99, value: 20 });
    const content = h(
      "div",
      {},
      h("p", { class: "hint" }, say("datasets.splitAbout")),
      field(say("datasets.train"), train, { class: "field stacked" }),
      field(say("datasets.heldOut"), heldOut, { class: "field stacked" }),
      field(say("datasets.share"), share, { class: "field stacked" }),
    );
    const act = () => splitDataset(name, { train: train.value.trim(), held_out: heldOut.value.trim(), share: Number(share.value) / 100 });
    const isDone = await askInDialog({ title: say("datasets.split"), content, yes: say("datasets.splitNow"), act });
    if (isDone) location.hash = addressOf();
  };
  return button(`${say("datasets.split")}…`, split);
}
