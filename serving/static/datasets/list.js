// The list of data sets.

import { h, table } from "../common/dom.js";
import { moment, say } from "../common/strings.js";
import { addressOf } from "./address.js";
import { listDatasets } from "./calls.js";
import { importForm } from "./import.js";

/** The panels of the list; `again()` shows it anew. */
export async function listPage(again) {
  const found = await listDatasets();
  const rows = found.map(({ name, documents, created }) => [h("a", { href: addressOf(name) }, name), String(documents), moment(created)]);
  const heads = [say("datasets.name"), say("datasets.documents"), say("datasets.created")];
  return [
    h(
      "section",
      { class: "panel sheet" },
      h("h2", {}, say("nav.datasets")),
      h("p", { class: "hint" }, say("datasets.about")),
      found.length > 0 ? table(say("nav.datasets"), heads, rows) : h("p", { class: "empty" }, say("datasets.none")),
    ),
    importForm(null, again),
  ];
}
