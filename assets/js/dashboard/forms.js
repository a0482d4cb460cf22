import { toast } from "../live/toast.js";
import { send, sendTo } from "../live/fragment.js";

/** Forms and links of the dashboard, without loading the page anew. Without this they work all the same. */
export function listenToForms({ list, pane }) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const kind = form.dataset.live;
    if (!kind || event.defaultPrevented) return;
    event.preventDefault();
    // The cookie may be another person's by now.
    if (pane.connection.state === "ended") return toast("This page isn't connected any more. Reload it first.", "error");
    const { submitter } = event;
    // Only what is on the page has been seen: what arrived meanwhile is not done with.
    const seen = form.elements.namedItem("seen_seq");
    if (seen && pane.thread) seen.value = pane.thread.lastSeq;
    close((submitter ?? form).closest("details.menu[open]"));
    submitter?.setAttribute("aria-busy", "true");
    // The answer may replace the form.
    const done = pane.address;
    const address = await send(form, submitter);
    submitter?.removeAttribute("aria-busy");
    if (!address) return;
    // The answer leads to another conversation (next, done and next) or back to this one.
    if (new URL(address).searchParams.get("done") === "nothing-waits") toast("You’re all caught up.");
    offerUndo(form, submitter, done, { list, pane });
    if (kind === "go" && new URL(address).pathname !== location.pathname) await pane.open(address);
    else if (kind === "go") list.refresh();
    await pane.refreshHead();
    list.refresh();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest("#rows [data-conversation] a[href]");
    if (!link) return;
    event.preventDefault();
    pane.open(link.href);
  });
  window.addEventListener("popstate", () => location.reload());
}

/** Says what was done and offers to undo it, where the form knows how: `data-undo` are the fields to send, `data-undo-to` where. */
function offerUndo(form, submitter, conversation, { list, pane }) {
  const { said, undo, undoTo } = { ...form.dataset, ...submitter?.dataset };
  if (!said) return;
  const body = new URLSearchParams(undoTo ? "" : undo);
  body.set("csrf", form.elements.namedItem("csrf").value);
  toast(said, "ok", async () => {
    document.querySelector("#main").focus({ preventScroll: true });
    if (!(await sendTo(undoTo ?? form.action, body))) return;
    if (conversation && conversation !== pane.address) await pane.open(conversation);
    await pane.refreshHead();
    list.refresh();
  });
}

// At once: when the answer is here, the hand may have opened another menu.
function close(menu) {
  if (!menu) return;
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  menu.open = false;
}
