import { isComposing, showExcess } from "../page/typing.js";

const TYPING_EVERY_MS = 3000;

/** Where one writes: reply or note, the draft kept per conversation, Ctrl or Cmd with Enter sends. */
export class Composer {
  #typedAt = 0;
  #listeners = new AbortController();

  constructor({ form, drafts, conversation, connection, claim, post }) {
    Object.assign(this, { form, drafts, conversation, connection, claim, post });
    this.field = form.querySelector("textarea");
    const { signal } = this.#listeners;
    form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.field.addEventListener("input", () => this.#typed(), { signal });
    this.field.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    for (const tab of form.querySelectorAll("[data-mode-tab]")) {
      tab.addEventListener("click", () => this.mode(tab.dataset.modeTab), { signal });
    }
    // Text that the server gave back (a refused post without script) is newer than any draft.
    const draft = this.#draft();
    // What the browser itself has restored may be another person's.
    this.field.value = this.field.defaultValue || draft.body;
    this.mode(draft.mode, false);
    this.#grow();
  }

  end() {
    this.#stopTyping();
    this.#listeners.abort();
  }

  mode(mode, focus = true) {
    this.form.dataset.mode = mode;
    const note = mode === "note";
    for (const tab of this.form.querySelectorAll("[data-mode-tab]")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.modeTab === mode));
    }
    this.field.setAttribute("aria-label", note ? "Note for the team" : "Reply to the candidate");
    this.field.placeholder = note ? "Only the team reads this." : this.form.dataset.placeholder;
    this.#keep();
    if (note) this.#stopTyping();
    if (focus) this.field.focus();
  }

  /** Puts a text that was not sent back to where it was written. */
  giveBack(body, event) {
    // A note that is being written stays one.
    const isNote = event === "note:post" || (this.field.value && this.form.dataset.mode === "note");
    this.mode(isNote ? "note" : "reply");
    this.field.value = this.field.value ? `${body}\n${this.field.value}` : body;
    this.#keep();
    this.#grow();
  }

  #submit(event) {
    event.preventDefault();
    const body = this.field.value.trim();
    if (!body || !this.#fits()) return this.field.focus();
    const note = this.form.dataset.mode === "note";
    // At once, before anything waits: a second press finds nothing to send, and what is typed from here on stays.
    const kept = this.post(note ? "note:post" : "message:post", body);
    this.field.value = "";
    this.#grow();
    this.#stopTyping();
    kept.then(() => this.#keep());
    if (note) this.mode("reply");
  }

  #pressed(event) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!event.repeat) this.form.requestSubmit(this.form.querySelector(`[data-send="${this.form.dataset.mode}"]`));
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.field.blur();
    }
  }

  #typed() {
    this.#keep();
    this.#grow();
    if (this.form.dataset.mode === "note" || !this.connection.online) return;
    if (!this.field.value) return this.#stopTyping();
    this.claim.begin();
    const now = performance.now();
    if (this.#typedAt && now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#tellTyping(true);
  }

  #stopTyping() {
    if (this.#typedAt && this.connection.online) this.#tellTyping(false);
    this.#typedAt = 0;
  }

  #tellTyping(typing) {
    this.connection.request("typing:set", { conversation: this.conversation, typing }).catch(() => null);
  }

  #draft() {
    try {
      return { body: "", mode: "reply", ...JSON.parse(this.drafts.read(this.conversation) || "{}") };
    } catch {
      return { body: "", mode: "reply" };
    }
  }

  #keep() {
    const { value: body } = this.field;
    this.drafts.write(this.conversation, body && JSON.stringify({ body, mode: this.form.dataset.mode }));
    this.#fits();
  }

  #fits() {
    return showExcess(this.field, this.form.querySelector("[data-excess]"));
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, window.innerHeight * 0.4)}px`;
  }
}
