const TYPING_EVERY_MS = 3000;
const MOST = 10_000;

/** Where the candidate writes: kept while it is written, sent by Enter where there is a keyboard to send with. */
export class Writing {
  #typedAt = 0;

  constructor({ form, conversation, connection, post }) {
    Object.assign(this, { form, conversation, connection, post, field: form.querySelector("textarea") });
    this.key = `draft:${conversation}`;
    if (!this.field.value) this.field.value = stored(() => localStorage.getItem(this.key)) ?? "";
    form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("blur", () => this.#tell(false));
    this.field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#grow();
  }

  /** Puts a text that was not sent back to where it was written. */
  giveBack(body) {
    this.field.value = this.field.value ? `${body}\n${this.field.value}` : body;
    this.#keep();
    this.field.focus();
  }

  async #submit(event) {
    event.preventDefault();
    const body = this.field.value.trim();
    if (!body) return this.field.focus();
    if ([...body].length > MOST) return this.field.setCustomValidity("The text is longer than 10,000 characters.");
    // Emptied only once the outbox has it, so that the text is never in neither place.
    this.field.readOnly = true;
    try {
      await this.post(body);
      this.field.value = "";
      this.#keep();
    } finally {
      this.field.readOnly = false;
    }
    this.#tell(false);
    this.field.focus();
  }

  #pressed(event) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || event.altKey) return;
    // On a telephone Enter is the only way to begin a new line.
    if (!event.ctrlKey && !event.metaKey && matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #typed() {
    this.field.setCustomValidity("");
    this.#keep();
    const now = Date.now();
    if (!this.field.value) this.#tell(false);
    else if (now - this.#typedAt > TYPING_EVERY_MS) this.#tell(true, now);
  }

  #tell(typing, now = 0) {
    if (!typing && !this.#typedAt) return;
    this.#typedAt = now;
    const { connection, conversation } = this;
    if (connection.online) connection.request("typing:set", { conversation, typing }).catch(() => null);
  }

  #keep() {
    const { value } = this.field;
    stored(() => (value ? localStorage.setItem(this.key, value) : localStorage.removeItem(this.key)));
    this.#grow();
  }

  // For browsers that do not know `field-sizing`.
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.rows = Math.min(8, this.field.value.split("\n").length);
  }
}

/** Private windows may refuse to keep anything. */
function stored(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
