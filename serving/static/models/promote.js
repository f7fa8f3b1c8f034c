// Promoting a version, rolling back, removing. A promotion that is refused shows the figures that speak against it.

import { h } from "../common/dom.js";
import { askInDialog } from "../common/dialog.js";
import { ProblemError } from "../common/service.js";
import { say } from "../common/strings.js";
import { promoteModel, removeModel, rollBack } from "./calls.js";
import { comparisonTable } from "./scores.js";

/** Ask whether to serve a version, and serve it; where the service refuses, show why, and offer to force it. */
export async function promote(version, again) {
  const refusal = h("div", {});
  const reason = h("textarea", { class: "short", rows: 2, maxlength: 1000, required: true });
  let isForced = false;
  const act = async () => {
    try {
      await promoteModel(version, isForced ? { force: true, reason: reason.value.trim() } : {});
    } catch (error) {
      const { problem } = error instanceof ProblemError ? error : {};
      if (problem?.status === 409 && problem.type?.endsWith(":not-better")) {
        isForced = true;
        refusal.replaceChildren(...refused(problem, version, reason));
      }
      throw error;
    }
  };
  const content = h("div", {}, h("p", {}, say("models.promoteAbout")(version)), refusal);
  if (await askInDialog({ title: say("models.promote"), content, yes: say("models.promote"), act })) await again();
}

function refused({ figures }, version, reason) {
  const compared = figures?.comparisons?.length ? comparisonTable(figures.comparisons, figures.baseline, version) : null;
  return [
    h("h3", {}, say("models.refused")),
    figures?.dataset && h("p", { class: "hint" }, say("models.judgedOn")(figures.dataset, figures.documents)),
    compared,
    h("label", { class: "field stacked" }, h("span", {}, say("models.force")), reason),
  ].filter(Boolean);
}

export async function goBack(previous, again) {
  const content = h("p", {}, say("models.rollbackAbout")(previous));
  if (await askInDialog({ title: say("models.rollback"), content, yes: say("models.rollback"), act: rollBack })) await again();
}

export async function remove(version, again) {
  const content = h("p", {}, say("models.removeAbout")(version));
  const act = () => removeModel(version);
  if (await askInDialog({ title: say("models.remove"), content, yes: say("models.remove"), isDanger: true, act })) await again();
}
