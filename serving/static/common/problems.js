// Problems of the service, shown where they happened, with what to do about them.

import { h } from "./dom.js";
import { PROBLEMS_ZH } from "./problems-zh.js";
import { ProblemError } from "./service.js";
import { language, say } from "./strings.js";

const SHOWN_FAULTS = 20;

/** Listeners of the page for answers that ask for a key. */
const onKeyWanted = [];

export function whenKeyIsWanted(listener) {
  onKeyWanted.push(listener);
}

/** Show an error in `box`; one that is only a cancelled request is not shown. Gives whether something was shown. */
export function showProblem(box, error) {
  if (error.name === "AbortError") return false;
  if (!(error instanceof ProblemError)) console.error(error);
  const problem = error instanceof ProblemError ? error.problem : { detail: say("broken") };
  box.replaceChildren(...(inChinese(problem) ?? inItsWords(problem)));
  box.hidden = false;
  if (problem.status === 401) for (const listener of onKeyWanted) listener();
  return true;
}

/** What the service says. */
function inItsWords(problem) {
  const faults = (problem.errors ?? []).slice(0, SHOWN_FAULTS).map((fault) => h("li", {}, `${fault.detail} ${fault.remedy ?? ""}`));
  return [
    h("p", {}, problem.detail),
    ...(problem.remedy ? [h("p", {}, problem.remedy)] : []),
    ...(faults.length > 0 ? [h("ul", {}, faults)] : []),
  ];
}

/** The same to a reader of Chinese, with the service's words beneath; null where the page has no words for it. */
function inChinese(problem) {
  const words = language() === "zh" && PROBLEMS_ZH[(problem.type ?? "").split(":").at(-1)];
  if (!words) return null;
  const isWanted = (problem.errors ?? []).length > 0;
  return [
    ...words.map((one) => h("p", {}, typeof one === "function" ? one(problem) : one)),
    h("details", { open: isWanted }, h("summary", {}, say("inItsWords")), h("div", { lang: "en" }, inItsWords(problem))),
  ];
}

/** Do something; show in `box` why it could not be done. Gives what it gave, or undefined. */
export async function attempt(box, work) {
  box.hidden = true;
  try {
    return await work();
  } catch (error) {
    showProblem(box, error);
    return undefined;
  }
}

/** An empty box for problems. */
export function problemBox() {
  return h("div", { class: "problem", role: "alert", hidden: true });
}
