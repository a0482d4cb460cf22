import { Refused } from "./connection.js";
import { dropItem, keepItem, readItems } from "./kept.js";

const RETRY_AFTER_MS = 3000;
/** Refusals that say nothing about the text: the same may be accepted a moment later. */
const PASSING = ["rate_limited", "busy", "read_only", "internal"];

/**
 * What was written and not confirmed yet, kept in the browser until the server's ack: over reloads, crashes and days.
 * An item is `{client_id, owner, event, payload, written_at, failed}`; its `client_id` makes sending it again harmless.
 * Only items of `owner` are read and sent. Dispatches `sent` `{item, answer}`, `failed` `{item, error}` and `changed`.
 */
export class Outbox extends EventTarget {
  #memory = new Map();
  #stored = new Set();
  #dropped = new Set();
  #sending = new Map();
  #retries = new Map();
  #writtenAt = 0;

  constructor(connection, owner) {
    super();
    this.connection = connection;
    this.owner = owner;
  }

  /** Takes up what earlier pages have left. */
  async begin() {
    await this.#look();
    this.connection.on("ready", () => this.flush());
    if (this.connection.online) this.flush();
  }

  /** The items of one conversation, in the order in which they were written. */
  of(conversation) {
    return this.#inOrder().filter(({ payload }) => payload.conversation === conversation);
  }

  get size() {
    return this.#memory.size;
  }

  /**
   * Takes an item at once, so that the same text is not taken again; resolves when it is kept. Then sends it.
   */
  async add(event, payload) {
    // Two items may be written in one millisecond, and the clock may be set back.
    this.#writtenAt = Math.max(Date.now(), this.#writtenAt + 1);
    const item = { client_id: payload.client_id, owner: this.owner, event, payload, written_at: this.#writtenAt, failed: null };
    await this.#keep(item);
    this.flush();
    return item;
  }

  /** Sends a refused item again, with changes such as `{take_over: true}`. */
  async again(clientId, changes = {}) {
    const item = this.#memory.get(clientId);
    if (!item) return;
    await this.#keep({ ...item, payload: { ...item.payload, ...changes }, failed: null });
    this.flush();
  }

  /** Gives an item up; returns it, so that its text can go back to where it was written. */
  async drop(clientId) {
    const item = this.#memory.get(clientId);
    this.#memory.delete(clientId);
    this.#stored.delete(clientId);
    this.#dropped.add(clientId);
    await dropItem(clientId);
    this.#tell("changed");
    return item;
  }

  /** Sends what waits: one after the other within a conversation, so that the order stays the writer's. */
  flush() {
    const conversations = new Set([...this.#memory.values()].map(({ payload }) => payload.conversation));
    return Promise.all([...conversations].map((conversation) => this.#flushOne(conversation)));
  }

  #flushOne(conversation) {
    clearTimeout(this.#retries.get(conversation));
    const before = this.#sending.get(conversation) ?? Promise.resolve();
    const run = before
      .then(() => alone(`outbox:${this.owner}:${conversation}`, () => this.#send(conversation)))
      .catch((error) => console.error(error));
    this.#sending.set(conversation, run);
    return run;
  }

  /** What the browser keeps is shared with the person's other tabs: they add to it, and take away what they have sent. */
  async #look() {
    const items = await readItems(this.owner);
    if (!items) return;
    const kept = items.filter(({ client_id: id }) => !this.#dropped.has(id));
    const ids = new Set(kept.map(({ client_id: id }) => id));
    for (const id of this.#stored) if (!ids.has(id)) this.#memory.delete(id);
    for (const item of kept) this.#memory.set(item.client_id, item);
    this.#stored = ids;
    this.#tell("changed");
  }

  async #send(conversation) {
    await this.#look();
    for (const item of this.of(conversation)) {
      if (item.failed || !this.#memory.has(item.client_id)) continue;
      if (!this.connection.online) return;
      try {
        const answer = await this.connection.request(item.event, item.payload);
        await this.drop(item.client_id);
        this.#tell("sent", { item, answer });
      } catch (error) {
        if (!(error instanceof Refused) || PASSING.includes(error.code)) {
          const wait = Math.max(error.retryAfter ?? 0, RETRY_AFTER_MS);
          this.#retries.set(conversation, setTimeout(() => this.#flushOne(conversation), wait));
          return;
        }
        await this.#keep({ ...item, failed: { code: error.code, message: error.message } });
        this.#tell("failed", { item: this.#memory.get(item.client_id), error });
      }
    }
  }

  #inOrder() {
    return [...this.#memory.values()].sort((a, b) => a.written_at - b.written_at);
  }

  async #keep(item) {
    this.#memory.set(item.client_id, item);
    this.#tell("changed");
    if ((await keepItem(item)) && this.#memory.has(item.client_id)) this.#stored.add(item.client_id);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Two tabs of one person take turns. Browsers lend locks to pages by https and on this machine only. */
function alone(name, act) {
  return navigator.locks ? navigator.locks.request(name, act) : act();
}
