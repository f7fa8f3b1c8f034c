// A question to the reader, in the page's own dialog.

import { $, button, h } from "./dom.js";
import { attempt, problemBox } from "./problems.js";
import { say } from "./strings.js";

/** Show something in a dialog until the reader closes it. */
export function showInDialog(title, content) {
  const dialog = $("ask-dialog");
  const close = button(say("close"), () => dialog.close(), { class: "primary" });
  dialog.replaceChildren(h("h2", { id: "ask-title" }, title), content, h("div", { class: "controls end" }, close));
  dialog.showModal();
}

/**
 * Ask in a dialog with a title and content (nodes). `yes` names the button that does it; `act()` is what it does, and
 * a problem of it is shown in the dialog. Gives true once it was done, false where the reader went away.
 */
export function askInDialog({ title, content, yes, isDanger = false, act }) {
  const dialog = $("ask-dialog");
  const problem = problemBox();
  return new Promise((resolve) => {
    let isDone = false;
    const submit = async (event) => {
      event.preventDefault();
      await attempt(problem, async () => {
        await act();
        isDone = true;
        dialog.close();
      });
    };
    const confirm = h("button", { type: "submit", class: isDanger ? "danger" : "primary" }, yes);
    dialog.replaceChildren(
      h(
        "form",
        { on: { submit } },
        h("h2", { id: "ask-title" }, title),
        content,
        problem,
        h("div", { class: "controls end" }, button(say("save.close"), () => dialog.close()), confirm),
      ),
    );
    dialog.addEventListener("close", () => resolve(isDone), { once: true });
    dialog.showModal();
  });
}
