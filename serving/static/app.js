// The page: a report goes in, its text and facts are shown side by side, each leading to the other.

import { FactTable } from "./facts.js";
import { Reader } from "./reader.js";
import { entityIds, indexReport, isDoubtful } from "./report.js";
import { EXAMPLE } from "./example.js";
import { ProblemError, download, extractFile, extractText, useKey } from "./service.js";
import { language, nameOf, say, setLanguage } from "./strings.js";

const $ = (id) => document.getElementById(id);
const UNITS = ["元", "万元", "亿元"];
const STATUSES = ["actual", "target", "forecast", "budget"];

/** What is shown: the report, and the file and options that it was made of (downloads are made of the same). */
const shown = { report: null, source: null, options: {} };
let working = null;

const reader = new Reader($("reader"), $("legend"), (id) => {
  const facts = shown.report.factsOf.get(id) ?? [];
  table.mark(facts.map((fact) => fact.id), { scroll: true });
  reader.mark(facts.length > 0 ? [...new Set([id, ...facts.flatMap(entityIds)])] : [id], { scroll: false });
});
const table = new FactTable({ head: $("head"), body: $("rows"), box: $("table-box"), count: $("count") }, (fact) => {
  table.mark([fact.id], { scroll: false });
  reader.mark(entityIds(fact), { scroll: true });
});

function options() {
  const year = $("year").value;
  return year ? { reference_year: Number(year) } : {};
}

async function submitText() {
  const text = $("text").value;
  if (!text.trim()) {
    $("status").textContent = say("empty");
    $("text").focus();
    return;
  }
  const file = new File([text], "report.txt", { type: "text/plain" });
  await work(file, (asked, signal) => extractText(text, asked, signal));
}

async function submitFile(file) {
  await work(file, (asked, signal) => extractFile(file, asked, signal));
  if (shown.source === file) $("text").value = shown.report.text;
}

async function work(source, extract) {
  working?.abort();
  const controller = new AbortController();
  working = controller;
  const asked = options();
  setBusy(true);
  try {
    const report = await extract(asked, controller.signal);
    Object.assign(shown, { report: indexReport(report), source, options: asked });
    showReport();
    $("status").textContent = say("done")(report.facts.length);
  } catch (error) {
    showProblem(error);
  } finally {
    if (working === controller) setBusy(false);
  }
}

function setBusy(isBusy) {
  $("cancel").hidden = !isBusy;
  $("submit").disabled = isBusy;
  $("main").setAttribute("aria-busy", String(isBusy));
  if (isBusy) {
    $("problem").hidden = true;
    $("key-form").hidden = true;
    $("status").textContent = say("reading_");
  }
}

function showProblem(error) {
  $("status").textContent = "";
  if (error.name === "AbortError") {
    $("status").textContent = say("cancelled");
    return;
  }
  const problem = error instanceof ProblemError ? error.problem : { detail: say("unreachable") };
  const lines = [problem.detail, problem.remedy, ...(problem.errors ?? []).map((fault) => `${fault.pointer}: ${fault.remedy}`)];
  $("problem").replaceChildren(...lines.filter(Boolean).map(paragraph));
  $("problem").hidden = false;
  $("key-form").hidden = problem.status !== 401;
}

function paragraph(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element;
}

function showReport() {
  const { report } = shown;
  $("results").hidden = false;
  reader.show(report);
  table.show(report);
  showWords();
  $("results").scrollIntoView({ block: "start" });
}

function showWords() {
  const { report } = shown;
  if (!report) return;
  $("figures").textContent = say("figures")({
    characters: report.characters.toLocaleString(),
    entities: report.entities.length,
    facts: report.facts.length,
    doubtful: report.facts.filter(isDoubtful).length,
    model: report.model,
    year: report.document.reference_year ?? say("noYear"),
  });
  $("notices").hidden = report.notices.length === 0;
  $("notices").querySelector("summary").textContent = say("notices")(report.notices.length);
  $("notices").querySelector("ul").replaceChildren(...report.notices.map(noticeItem));
}

function noticeItem(notice, index) {
  const item = document.createElement("li");
  if (notice.start === undefined) {
    item.textContent = notice.message;
    return item;
  }
  const link = document.createElement("button");
  link.type = "button";
  link.className = "link";
  link.textContent = notice.message;
  link.addEventListener("click", () => reader.reveal(index));
  item.append(link);
  return item;
}

async function save(format) {
  try {
    const blob =
      format === "json"
        ? new Blob([JSON.stringify(shown.report.original, null, 2)], { type: "application/json" })
        : await download(shown.source, shown.options, format);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = shown.source.name.replace(/\.[^.]*$/, "") + "." + format;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    showProblem(error);
  }
}

function drawChoices() {
  const filter = $("status-filter");
  const chosen = filter.value;
  filter.replaceChildren(
    new Option(say("allStatuses"), ""),
    ...STATUSES.map((status) => new Option(nameOf("statuses", status), status)),
  );
  filter.value = chosen;
  const legend = $("units").querySelector("legend");
  $("units").replaceChildren(legend, ...UNITS.map(unitChoice));
}

function unitChoice(unit) {
  const label = document.createElement("label");
  const choice = document.createElement("input");
  choice.type = "radio";
  choice.name = "unit";
  choice.value = unit;
  choice.checked = table.amountUnit === unit;
  choice.addEventListener("change", () => table.setAmountUnit(unit));
  const words = document.createElement("span");
  words.textContent = nameOf("units", unit);
  label.append(choice, words);
  return label;
}

function takeLanguage(wanted) {
  setLanguage(wanted);
  keep("zhibiao.language", language());
  $("language").textContent = say("otherLanguage");
  $("language").lang = language() === "zh" ? "en" : "zh-CN";
  showThemeName();
  drawChoices();
  table.draw();
  if (shown.report) reader.show(shown.report);
  showWords();
}

function showThemeName() {
  const isDark = document.documentElement.dataset.theme === "dark";
  $("theme").textContent = say(isDark ? "themeLight" : "themeDark");
}

function switchTheme() {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "dark" ? "light" : "dark";
  keep("zhibiao.theme", dataset.theme);
  showThemeName();
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

function takeDrops() {
  let depth = 0;
  const overlay = (isShown) => ($("drop").hidden = !isShown);
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragenter", (event) => hasFiles(event) && overlay(++depth > 0));
  addEventListener("dragleave", (event) => hasFiles(event) && overlay(--depth > 0));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    overlay(false);
    submitFile(event.dataTransfer.files[0]);
  });
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  submitText();
});
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey($("key").value.trim());
  $("key").value = "";
  $("key-form").hidden = true;
  $("problem").hidden = true;
  $("status").textContent = say("keyTaken");
  $("submit").focus();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submitText();
});
$("cancel").addEventListener("click", () => working?.abort());
$("choose").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  if ($("file").files.length > 0) submitFile($("file").files[0]);
  $("file").value = "";
});
$("example").addEventListener("click", () => {
  $("text").value = EXAMPLE;
  submitText();
});
$("search").addEventListener("input", () => table.setFilter({ words: $("search").value.trim() }));
$("status-filter").addEventListener("change", () => table.setFilter({ status: $("status-filter").value }));
$("doubtful").addEventListener("change", () => table.setFilter({ doubtful: $("doubtful").checked }));
for (const format of ["xlsx", "csv", "json"]) $(`download-${format}`).addEventListener("click", () => save(format));
$("language").addEventListener("click", () => takeLanguage(language() === "zh" ? "en" : "zh"));
$("theme").addEventListener("click", switchTheme);
takeDrops();
takeLanguage(new URLSearchParams(location.search).get("language") ?? kept("zhibiao.language") ?? "zh");
