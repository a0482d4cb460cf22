// The operators' page, kept true without loading it anew. Without this it works all the same.
import "./page.js";
import { Connection } from "./live/connection.js";
import { post } from "./live/fragment.js";
import { morph } from "./live/morph.js";
import { toast } from "./live/toast.js";
import { refreshTimes } from "./page/times.js";

const REFRESH_AFTER_MS = 2000;
const HANDS_OFF_MS = 700;

const main = document.querySelector("[data-admin]");
if (main) start();

function start() {
  const connection = new Connection("/admin", { html: true, as: "user" });
  const state = main.querySelector("[data-state]");
  let timer = null;
  let touched = 0;

  const later = (pause = REFRESH_AFTER_MS) => {
    timer ??= setTimeout(async () => {
      timer = null;
      // Nothing moves away from under a hand.
      if (Date.now() - touched < HANDS_OFF_MS) later(HANDS_OFF_MS);
      else await refresh();
    }, pause);
  };
  connection.on("ready", () => later(0));
  connection.on("admin:changed", () => later());
  connection.on("state", (now) => {
    state.hidden = false;
    state.className = `badge ${now === "online" ? "badge--handled" : "badge--waits"}`;
    state.textContent = { online: "Live", waiting: "Reconnecting", ended: "Not live: load the page again" }[now];
  });
  for (const name of ["pointermove", "pointerdown"]) {
    document.addEventListener(name, () => (touched = Date.now()), { passive: true });
  }
  document.addEventListener("submit", submit);
}

/** Does what a form asks for, and shows the page that comes of it in place. */
async function submit(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !("live" in form.dataset)) return;
  event.preventDefault();
  if (submitter?.getAttribute("aria-busy")) return;
  submitter?.setAttribute("aria-busy", "true");
  const { html } = await post(form, submitter);
  submitter?.removeAttribute("aria-busy");
  if (html === null) return;
  const page = parse(html);
  // Signed out meanwhile.
  if (!page.querySelector("[data-admin]")) return location.reload();
  show(page);
  const notice = page.querySelector("[data-notice]");
  if (notice) toast(notice.textContent.trim());
}

async function refresh() {
  const answer = await fetch("/admin", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  show(parse(await answer.text()));
}

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** Every part as a fresh page has it. */
function show(page) {
  const focused = document.activeElement;
  const section = focused.closest?.("section");
  const before = alerts();
  refreshTimes(page);
  for (const part of main.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) morph(part, fresh);
  }
  document.title = page.title;
  // The number alone, and only when it is another one: the list would be read out from its beginning each time.
  if (alerts() !== before) main.querySelector("[data-said]").textContent = alerts();
  if (document.activeElement !== focused) keepPlace(focused, section);
}

const alerts = () => main.querySelector("#state").textContent.trim();

/** Whoever works by keys goes on where they were, or, if that is gone, at the head of its section. */
function keepPlace(focused, section) {
  const head = section?.querySelector("h2");
  head?.setAttribute("tabindex", "-1");
  (focused.isConnected ? focused : head)?.focus({ preventScroll: true });
}
