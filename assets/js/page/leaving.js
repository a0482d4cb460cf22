// Signing out, or leaving a chat, on this device: what the browser keeps for that person goes too.
import { ask } from "./confirm.js";
import { countKept, forget, isPerson } from "../live/kept.js";
import { toast } from "../live/toast.js";

/** `<form data-leaves="user:ID">` takes away what is kept for that person, after asking where it would be lost. */
export function enableLeaving() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const [kind, id] = form.dataset.leaves?.split(":") ?? [];
    if (!id || event.defaultPrevented) return;
    event.preventDefault();
    const isTheirs = isPerson(kind, id);
    const kept = words(await countKept(isTheirs));
    const yes = form.dataset.leavesYes;
    if (kept && !(await ask(`You have ${kept} on this device. ${yes} deletes this text.`, { yes: form.dataset.leavesButton ?? yes }))) return;
    await leave(form, isTheirs);
  });
}

async function leave(form, isTheirs) {
  const { dataset } = document.documentElement;
  dataset.leaving = "";
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  } catch {
    delete dataset.leaving;
    toast("Hearback can't be reached, so nothing has changed on this device. Try again in a moment.", "error");
    return;
  }
  // Whoever is out already may forget, too.
  const isOut = [401, 404, 410].includes(answer.status);
  if (answer.ok || isOut) {
    await forget(isTheirs);
    if (answer.ok) location.replace(answer.url);
    else location.reload();
    return;
  }
  delete dataset.leaving;
  toast("That didn't work. Try again in a moment.", "error");
}

function words({ messages, drafts }) {
  const parts = [];
  if (messages) parts.push(messages === 1 ? "1 unsent message" : `${messages} unsent messages`);
  if (drafts) parts.push(drafts === 1 ? "an unfinished draft" : `${drafts} unfinished drafts`);
  return parts.join(" and ");
}
