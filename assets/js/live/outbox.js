import { openDB } from "idb";
import { Refused } from "./connection.js";

const STORE = "unconfirmed";

/**
 * What was written and not confirmed yet, kept in the browser until the server's ack: over reloads, crashes and days.
 * An item is `{client_id, owner, event, payload, written_at, failed}`; its `client_id` makes sending it again harmless.
 * Tells `sent` `{item, answer}`, `failed` `{item, error}` and `changed`.
 */
export class Outbox extends EventTarget {
  #database = openDB("hearback", 1, {
    upgrade: (database) => database.createObjectStore(STORE, { keyPath: "client_id" }),
  }).catch(() => null);
  #memory = new Map();
  #sending = Promise.resolve();
  #retry = null;

  constructor(connection, owner) {
    super();
    this.connection = connection;
    this.owner = owner;
  }

  /** Takes up what earlier pages have left. */
  async begin() {
    const database = await this.#database;
    const kept = database ? await database.getAll(STORE) : [];
    for (const item of kept.filter(({ owner }) => owner === this.owner)) this.#memory.set(item.client_id, item);
    this.#tell("changed");
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

  /** Keeps an item, then sends it. */
  async add(event, payload) {
    const item = { client_id: payload.client_id, owner: this.owner, event, payload, written_at: Date.now(), failed: null };
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
    await (await this.#database)?.delete(STORE, clientId);
    this.#tell("changed");
    return item;
  }

  /** Sends what waits, one after the other, so that the order stays the writer's. */
  flush() {
    this.#sending = this.#sending.then(() => this.#flush()).catch((error) => console.error(error));
    return this.#sending;
  }

  async #flush() {
    clearTimeout(this.#retry);
    for (const item of this.#inOrder()) {
      if (item.failed || !this.#memory.has(item.client_id)) continue;
      if (!this.connection.online) return;
      try {
        const answer = await this.connection.request(item.event, item.payload);
        await this.drop(item.client_id);
        this.#tell("sent", { item, answer });
      } catch (error) {
        if (!(error instanceof Refused) || ["rate_limited", "busy", "read_only", "internal"].includes(error.code)) {
          this.#retry = setTimeout(() => this.flush(), Math.max(error.retryAfter ?? 0, 3000));
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
    await (await this.#database)?.put(STORE, item);
    this.#tell("changed");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
