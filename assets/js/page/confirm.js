import { showModal } from "./caret.js";

/** Asks in a dialog; resolves to whether the person agreed. */
export function ask(question, { yes = "Continue", no = "Cancel" } = {}) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const form = document.createElement("form");
  form.method = "dialog";
  const text = document.createElement("p");
  text.id = "question";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);
  const actions = document.createElement("div");
  actions.className = "dialog__actions";
  for (const [label, value, look] of [
    [no, "no", ""],
    [yes, "yes", " button--primary"],
  ]) {
    const button = document.createElement("button");
    button.className = `button${look}`;
    button.value = value;
    button.textContent = label;
    actions.append(button);
  }
  form.append(text, actions);
  dialog.append(form);
  document.body.append(dialog);
  showModal(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** `<form data-confirm="question">` asks before it is sent; `data-confirm-yes` names the button. */
export function enableConfirming() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed) return;
    event.preventDefault();
    const { submitter } = event;
    const yes = submitter?.dataset.confirmYes ?? form.dataset.confirmYes;
    if (!(await ask(question, yes ? { yes } : {}))) return;
    // News may have drawn this part of the page anew meanwhile, and a form outside the page sends nothing.
    const replaced = !form.isConnected;
    if (replaced) {
      form.hidden = true;
      document.body.append(form);
    }
    form.dataset.confirmed = "1";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
    if (replaced) form.remove();
  });
}
