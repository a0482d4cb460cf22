import { isComposing, showExcess } from "../page/typing.js";

const TYPING_EVERY_MS = 3000;

/** Where the candidate writes: kept while it is written, sent by Enter where there is a keyboard to send with. */
export class Writing {
  #typedAt = 0;

  constructor({ form, drafts, conversation, connection, post }) {
    Object.assign(this, { form, drafts, conversation, connection, post, field: form.querySelector("textarea") });
    if (!this.field.value) this.field.value = drafts.read(conversation);
    form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("blur", () => this.#tell(false));
    this.field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#fits();
    this.#grow();
  }

  /** Puts a text that was not sent back to where it was written. */
  giveBack(body) {
    this.field.value = this.field.value ? `${body}\n${this.field.value}` : body;
    this.#keep();
    this.field.focus();
  }

  #submit(event) {
    event.preventDefault();
    const body = this.field.value.trim();
    if (!body || !this.#fits()) return this.field.focus();
    // At once, before anything waits: a second press finds nothing to send, and what is typed from here on stays.
    const kept = this.post(body);
    this.field.value = "";
    this.#grow();
    kept.then(() => this.#keep());
    this.#tell(false);
    this.field.focus();
  }

  #pressed(event) {
    if (event.key !== "Enter" || isComposing(event) || event.shiftKey || event.altKey) return;
    // On a telephone Enter is the only way to begin a new line.
    if (!event.ctrlKey && !event.metaKey && matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    if (!event.repeat) this.form.requestSubmit();
  }

  #typed() {
    this.#keep();
    const now = performance.now();
    if (!this.field.value) this.#tell(false);
    else if (!this.#typedAt || now - this.#typedAt > TYPING_EVERY_MS) this.#tell(true, now);
  }

  #tell(typing, now = 0) {
    if (!typing && !this.#typedAt) return;
    this.#typedAt = now;
    const { connection, conversation } = this;
    if (connection.online) connection.request("typing:set", { conversation, typing }).catch(() => null);
  }

  #keep() {
    this.drafts.write(this.conversation, this.field.value);
    this.#fits();
    this.#grow();
  }

  #fits() {
    return showExcess(this.field, document.querySelector("[data-excess]"));
  }

  // For browsers that do not know `field-sizing`.
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.rows = Math.min(8, this.field.value.split("\n").length);
  }
}
