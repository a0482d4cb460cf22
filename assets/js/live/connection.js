import { io } from "socket.io-client";
import { learnTime } from "../page/clock.js";
import { silence } from "./silence.js";

const ANSWER_WITHIN_MS = 10_000;

/** A refusal by the server, with the code of the contract. */
export class Refused extends Error {
  constructor({ code, message, field, retry_after_ms: retryAfter }) {
    super(message);
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}

/** No answer came: nobody knows whether it was carried out, so it must be safe to send again. */
export class Unanswered extends Error {}

/**
 * The one socket of a page. Dispatches `state` (online | waiting | ended), `ready` after each welcome of the server, and
 * every event of the server under its own name. `me` is the id of the person whose page this is: the connection ends when
 * the browser's cookie has become another person's, so that nothing is sent in their name.
 */
export class Connection extends EventTarget {
  state = "waiting";
  reason = null;
  #roundTrip = Infinity;

  constructor(namespace, auth, me = null) {
    super();
    let asked = performance.now();
    // A browser sends no Origin with long polling; a header that no foreign page may add says the same (credentials.rs).
    const extraHeaders = { "X-Requested-With": "hearback" };
    this.socket = io(namespace, { auth, extraHeaders, reconnectionDelayMax: 5000, timeout: 10_000 });
    this.socket.io.on("open", () => (asked = performance.now()));
    this.socket.io.on("ping", () => silence.heard());
    this.socket.on("connect", () => (this.#roundTrip = Math.min(this.#roundTrip, performance.now() - asked)));
    this.socket.on("session:ready", (welcome) => {
      learnTime(welcome.server_time, this.#roundTrip);
      if (me && welcome.actor.id !== me) return this.#isAnothers();
      this.#become("online");
      this.#tell("ready", welcome);
    });
    this.socket.on("session:ended", ({ reason }) => (this.reason = reason));
    this.socket.on("connect_error", (error) => this.socket.active || this.#refused(error.message));
    this.socket.on("disconnect", (why) => {
      this.#become("waiting");
      if (why === "io server disconnect") this.#ended();
    });
    this.socket.onAny((name, payload) => {
      silence.heard();
      this.#tell(name, payload);
    });
    // Timers sleep in hidden tabs; someone who looks again should not wait for the next try.
    document.addEventListener("visibilitychange", () => this.#hurry());
    window.addEventListener("online", () => this.#hurry());
  }

  /** Asks the server; resolves with its answer, rejects with `Refused` or `Unanswered`. */
  async request(name, payload) {
    let answer;
    try {
      const asked = performance.now();
      answer = await silence.watch(this.socket.timeout(ANSWER_WITHIN_MS).emitWithAck(name, payload));
      this.#roundTrip = Math.min(this.#roundTrip, performance.now() - asked);
    } catch {
      throw new Unanswered(name);
    }
    if (!answer.ok) throw new Refused(answer.error);
    return answer;
  }

  get online() {
    return this.state === "online";
  }

  on(name, listener) {
    this.addEventListener(name, ({ detail }) => listener(detail));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #become(state) {
    if (this.state === "ended" || this.state === state) return;
    this.state = state;
    this.#tell("state", state);
  }

  #hurry() {
    if (document.visibilityState !== "visible" || this.state !== "waiting" || this.socket.connected) return;
    // Between two tries `connect()` alone would leave it at the pause.
    this.socket.disconnect().connect();
  }

  #isAnothers() {
    this.reason = "another_person";
    this.#become("ended");
    this.socket.disconnect();
  }

  #ended() {
    if (["server_restart", "too_slow", "expired", null].includes(this.reason)) {
      this.reason = null;
      this.#later();
    } else {
      this.#become("ended");
    }
  }

  /** Spread out, so that a restarted server is not met by everybody at once. */
  #later() {
    setTimeout(() => this.socket.connect(), 300 + Math.random() * 2000);
  }

  #refused(message) {
    if (["server_restart", "unavailable"].includes(message)) return this.#later();
    this.reason ??= message;
    this.#become("ended");
  }
}
