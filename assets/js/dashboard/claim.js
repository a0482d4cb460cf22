import { silence } from "../live/silence.js";
import { now } from "../page/clock.js";

const RENEW_SHARE = 0.4;
const AWAY_AFTER_MS = 300_000;

/** One's own claim on the open conversation: shown with its countdown, renewed while the page is open. */
export class Claim {
  #timer;
  #asking = false;

  constructor(connection, conversation, changed) {
    Object.assign(this, { connection, conversation, changed });
    this.read();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  end() {
    clearInterval(this.#timer);
  }

  /** Reads the claim from the page's head, which the server wrote. */
  read() {
    const element = document.querySelector("#head [data-claim]");
    this.state = element?.dataset.claim ?? "none";
    this.mine = this.state === "mine";
    this.expires = element?.dataset.expires ? Date.parse(element.dataset.expires) : null;
    this.length = this.mine ? Math.max(this.length ?? 0, this.expires - now()) : 0;
    this.#tick();
  }

  /** Claims the waiting entry as soon as somebody begins to answer, so that two do not. */
  async begin() {
    if (this.state !== "waiting" || !this.connection.online || this.#asking) return;
    await this.#ask(() => this.changed());
  }

  #tick() {
    if (!this.expires) return;
    const left = Math.max(0, Math.round((this.expires - now()) / 1000));
    const output = document.querySelector("#head [data-countdown]");
    if (output) output.textContent = this.mine && this.#mayLapse ? "may be released" : clock(left);
    if (this.mine && left * 1000 < this.length * (1 - RENEW_SHARE)) this.#renew();
  }

  get #mayLapse() {
    return silence.isSilent || !this.connection.online;
  }

  // A claim by its holder renews the lease (same token), so nothing secret needs to be kept in the page. Somebody who
  // has not touched the page for five minutes has left: their claim runs out, and another can answer.
  #renew() {
    if (this.#asking || !this.connection.online || performance.now() - lastTouch > AWAY_AFTER_MS) return;
    this.#ask(({ lease }) => {
      this.expires = Date.parse(lease.expires_at);
      this.length = this.expires - now();
    });
  }

  async #ask(then) {
    this.#asking = true;
    try {
      then(await this.connection.request("queue:claim", { conversation: this.conversation }));
    } catch {
      this.changed();
    } finally {
      // After a refusal the head is read anew; a pause keeps a lasting refusal from being asked every second.
      setTimeout(() => (this.#asking = false), 3000);
    }
  }
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

let lastTouch = performance.now();
for (const name of ["pointerdown", "keydown", "pointermove", "scroll"]) {
  document.addEventListener(name, () => (lastTouch = performance.now()), { passive: true, capture: true });
}
