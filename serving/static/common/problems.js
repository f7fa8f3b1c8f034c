// Problems of the service, shown where they happened, with what to do about them.

import { h } from "./dom.js";
import { ProblemError } from "./service.js";
import { say } from "./strings.js";

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
  const faults = (problem.errors ?? []).slice(0, 20).map((fault) => h("li", {}, `${fault.detail} ${fault.remedy ?? ""}`));
  box.replaceChildren(
    h("p", {}, problem.detail),
    ...(problem.remedy ? [h("p", {}, problem.remedy)] : []),
    ...(faults.length > 0 ? [h("ul", {}, faults)] : []),
  );
  box.hidden = false;
  if (problem.status === 401) for (const listener of onKeyWanted) listener();
  return true;
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
