import { refreshTimes } from "../page/times.js";
import { oneAtATime } from "../live/turns.js";
import { fragment } from "../live/fragment.js";

const SETTLE_MS = 200;
const AT_MOST_EVERY_MS = 1000;
const HANDS_OFF_MS = 1500;

/**
 * The views, their counts and the list. Order and numbers are the server's: each change asks for the list anew. While a
 * hand is over the list, rows change in place and keep their places; they move once it is gone.
 */
export class LiveList {
  #timer = null;
  #last = 0;
  #touched = 0;
  #waiting = null;
  #load = oneAtATime(() => this.#read());

  constructor(connection) {
    for (const name of ["queue:changed", "conversation:updated", "project:updated", "ready"]) connection.on(name, () => this.refresh());
    document.addEventListener("pointermove", (event) => this.#touch(event), { passive: true });
    document.addEventListener("pointerdown", (event) => this.#touch(event), { passive: true });
  }

  get rows() {
    return [...document.querySelectorAll("#rows [data-conversation]")];
  }

  get current() {
    return this.rows.find((row) => row.querySelector("[aria-current]"));
  }

  /** The address of the list that is shown. */
  get address() {
    return document.querySelector("#list")?.dataset.address ?? location.href;
  }

  refresh() {
    clearTimeout(this.#timer);
    const wait = Math.max(SETTLE_MS, this.#last + AT_MOST_EVERY_MS - Date.now());
    this.#timer = setTimeout(() => this.#load(), wait);
  }

  /** Which conversation is open. */
  mark(conversation) {
    for (const row of this.rows) {
      const link = row.querySelector("a");
      if (row.dataset.conversation === conversation) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Moves the focus by `step` rows; returns the row. */
  move(step) {
    const { rows } = this;
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const start = focused >= 0 ? focused : rows.indexOf(this.current);
    const row = rows[Math.min(rows.length - 1, Math.max(0, start + step))];
    row?.querySelector("a").focus();
    return row;
  }

  #touch(event) {
    if (event.target.closest?.("#rows")) this.#touched = Date.now();
  }

  async #read() {
    this.#last = Date.now();
    const fresh = await fragment(this.address, "list");
    if (!fresh) return;
    swap(fresh, "#views");
    swap(fresh, "#list-head");
    this.#reconcile(fresh);
  }

  #reconcile(fresh) {
    clearTimeout(this.#waiting);
    const open = document.querySelector("[data-open-conversation]")?.dataset.openConversation;
    const holder = document.querySelector("#rows");
    const next = fresh.querySelector("#rows");
    if (!holder || !next) return;
    const hands = Date.now() - this.#touched < HANDS_OFF_MS;
    if (hands) {
      for (const row of next.querySelectorAll("[data-conversation]")) {
        const old = document.getElementById(row.id);
        if (old) old.querySelector("a").replaceChildren(...row.querySelector("a").cloneNode(true).childNodes);
      }
      this.#waiting = setTimeout(() => this.#reconcile(fresh), HANDS_OFF_MS);
    } else {
      const focused = holder.contains(document.activeElement) && document.activeElement.closest("[data-conversation]")?.id;
      const { scrollTop } = holder.parentElement;
      holder.replaceChildren(...next.cloneNode(true).childNodes);
      holder.parentElement.scrollTop = scrollTop;
      if (focused) document.getElementById(focused)?.querySelector("a").focus({ preventScroll: true });
    }
    refreshTimes(holder);
    if (open) this.mark(open);
  }
}

/** Replaces a part unless somebody is using it. */
export function swap(fresh, selector) {
  const old = document.querySelector(selector);
  const next = fresh.querySelector(selector);
  if (!old || !next || old.querySelector("details.menu[open]")) return false;
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  if (active?.matches("input, select, textarea")) return false;
  const focused = active?.dataset.key ?? active?.dataset.press ?? active?.id;
  const copy = next.cloneNode(true);
  const unfolded = [...old.querySelectorAll("details")].map(({ open }) => open);
  for (const [index, details] of copy.querySelectorAll("details").entries()) details.open = Boolean(unfolded[index]);
  old.replaceWith(copy);
  refreshTimes(copy);
  if (focused) copy.querySelector(["data-key", "data-press", "id"].map((name) => `[${name}="${CSS.escape(focused)}"]`).join())?.focus();
  return true;
}
