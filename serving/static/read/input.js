// What takes a report in: the text field, files chosen or dropped, the example.

import { $ } from "../common/dom.js";
import { showProblem } from "../common/problems.js";
import { extractFile, extractText } from "../common/service.js";
import { say } from "../common/strings.js";
import { EXAMPLE } from "./example.js";

let working = null;

/** Let the reader post reports; `view.open(report, name)` takes each. */
export function takeReports(view) {
  const submitFile = async (file) => {
    const report = await work(view, file.name, (asked, signal) => extractFile(file, asked, signal));
    if (report) $("text").value = report.text;
  };
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submitText(view);
  });
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submitText(view);
  });
  $("cancel").addEventListener("click", () => working?.abort());
  $("choose").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => {
    if ($("file").files.length > 0) submitFile($("file").files[0]);
    $("file").value = "";
  });
  $("example").addEventListener("click", () => {
    $("text").value = EXAMPLE;
    submitText(view);
  });
  takeDrops(submitFile);
}

async function submitText(view) {
  const text = $("text").value;
  if (!text.trim()) {
    $("status").textContent = say("empty");
    $("text").focus();
    return;
  }
  await work(view, "report.txt", (asked, signal) => extractText(text, asked, signal));
}

async function work(view, name, extract) {
  if (!view.mayLeave()) return null;
  working?.abort();
  const controller = new AbortController();
  working = controller;
  const year = $("year").value;
  setBusy(true);
  try {
    const report = await extract(year ? { reference_year: Number(year) } : {}, controller.signal);
    location.hash = "#read";
    view.open(report, name);
    $("status").textContent = say("done")(report.facts.length);
    return report;
  } catch (error) {
    $("status").textContent = error.name === "AbortError" ? say("cancelled") : "";
    showProblem($("problem"), error);
    return null;
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
    $("status").textContent = say("reading_");
  }
}

function takeDrops(submitFile) {
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
