// The page: its views and the choice between them, its language, its theme, the key.

import { $ } from "./common/dom.js";
import { whenKeyIsWanted } from "./common/problems.js";
import { hasKey, useKey } from "./common/service.js";
import { language, say, setLanguage } from "./common/strings.js";
import { CollectionsView } from "./collection/view.js";
import { DatasetsView } from "./datasets/view.js";
import { ModelsView } from "./models/view.js";
import { ReadView } from "./read/view.js";

const read = new ReadView();
const datasets = new DatasetsView($("view-datasets"));
const collections = new CollectionsView($("view-collections"));
const models = new ModelsView($("view-models"));
const VIEWS = { read, collections, datasets, models };

/** What the address names: the view and what of it, as #datasets/NAME; #report/… is a place in a collection's report. */
function place() {
  const [name, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (name === "report") return { name: "read", rest: [], kept: rest };
  return VIEWS[name] ? { name, rest } : { name: "read", rest: [] };
}

function show() {
  if (location.hash === "#main") return;
  const { name, rest, kept: inCollection } = place();
  for (const view of Object.keys(VIEWS)) $(`view-${view}`).hidden = view !== name;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (name === "read" && rest.length >= 2) read.openDocument(rest[0], rest[1], Number(rest[2]) || undefined);
  if (inCollection) read.openKept(...inCollection);
  if (name === "collections") collections.show(rest);
  if (name === "datasets") datasets.show(rest);
  if (name === "models") models.show(rest);
}

function takeLanguage(wanted) {
  setLanguage(wanted);
  keep("zhibiao.language", language());
  $("language").textContent = say("otherLanguage");
  $("language").lang = language() === "zh" ? "en" : "zh-CN";
  redraw();
}

function redraw() {
  const isDark = document.documentElement.dataset.theme === "dark";
  $("theme").textContent = say(isDark ? "themeLight" : "themeDark");
  read.redraw();
  show();
}

function switchTheme() {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "dark" ? "light" : "dark";
  keep("zhibiao.theme", dataset.theme);
  redraw();
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing: the choice holds for this visit.
  }
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function askForKey() {
  $("key-form").hidden = false;
  $("key").focus();
}

$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey($("key").value.trim());
  $("key").value = "";
  $("key-form").hidden = true;
  $("problem").hidden = true;
  $("status").textContent = say("keyTaken");
  $("key-button").hidden = !hasKey();
  show();
});
whenKeyIsWanted(askForKey);
$("key-button").hidden = !hasKey();
$("key-button").addEventListener("click", askForKey);
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("main").focus();
});
$("language").addEventListener("click", () => takeLanguage(language() === "zh" ? "en" : "zh"));
$("theme").addEventListener("click", switchTheme);
addEventListener("hashchange", show);
takeLanguage(new URLSearchParams(location.search).get("language") ?? kept("zhibiao.language") ?? "zh");
