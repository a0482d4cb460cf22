import { v7 as newId } from "uuid";
import { refreshTimes } from "../page/times.js";
import { ask } from "../page/confirm.js";
import { showLoading } from "../live/loading.js";
import { Reading } from "../live/reading.js";
import { SENDING, Thread } from "../live/thread.js";
import { Refused } from "../live/connection.js";
import { toast } from "../live/toast.js";
import { oneAtATime } from "../live/turns.js";
import { Claim } from "./claim.js";
import { Composer } from "./composer.js";
import { fragment } from "../live/fragment.js";
import { silence } from "../live/silence.js";
import { swap } from "./list.js";
import { People } from "./people.js";

const OWN = ["user", "api"];

/** The open conversation. */
export class Pane {
  conversation = null;
  #opening = null;
  #loaded = () => {};

  /** Head and facts anew: claim, assignee, status, labels. */
  refreshHead = oneAtATime(() => this.#readHead());

  constructor({ connection, outbox, drafts, list, me, myName }) {
    Object.assign(this, { connection, outbox, drafts, list, me, myName });
    connection.on("ready", () => this.#enter());
    connection.on("message:posted", ({ message, html }) => this.#arrived(message, () => this.thread.message(message, html)));
    connection.on("note:posted", ({ note, html }) => this.#arrived(note, () => this.thread.note(note, html)));
    connection.on("announcement:posted", ({ announcement, html }) => this.thread?.announcement(announcement, html));
    connection.on("messages:read", ({ conversation, reader, seq }) => {
      if (conversation === this.conversation && reader.kind === "candidate") this.thread.readUpTo(seq, OWN);
    });
    connection.on("queue:changed", ({ entry }) => entry.conversation === this.conversation && this.refreshHead());
    connection.on("project:updated", ({ project, status }) => this.#projectChanged(project, status === "closed"));
    connection.on("conversation:updated", ({ conversation }) => conversation.id === this.conversation && this.refreshHead());
    outbox.addEventListener("changed", () => this.#showUnsent());
    outbox.addEventListener("sent", ({ detail }) => this.#sent(detail));
    outbox.addEventListener("failed", ({ detail }) => this.#failed(detail.item));
    // While a menu was open its part of the page was left alone.
    document.addEventListener("toggle", ({ target }) => target.matches("#head .menu, #facts .menu") && !target.open && this.refreshHead(), true);
  }

  /** Takes up what the page came with. */
  begin() {
    const element = document.querySelector("[data-open-conversation]");
    this.thread?.end();
    this.reading?.end();
    this.composer?.end();
    this.claim?.end();
    this.people?.end();
    this.conversation = element?.dataset.openConversation || null;
    if (!this.conversation) {
      this.thread = this.reading = this.composer = this.claim = this.people = null;
      return;
    }
    const { conversation, connection } = this;
    const list = element.querySelector(".thread");
    this.thread = new Thread({ list, conversation, connection, announcements: element.dataset.project, notes: true, me: this.me });
    this.reading = new Reading(this.thread, connection);
    this.claim = new Claim(connection, conversation, () => this.refreshHead());
    this.people = new People(connection, conversation, this.me);
    const form = element.querySelector("form.composer");
    const { claim, drafts } = this;
    this.composer = form && new Composer({ form, drafts, conversation, connection, claim, post: (...it) => this.#post(...it) });
    this.#showUnsent();
    this.#begin();
    if (connection.online) this.#enter();
  }

  // At the newest message, or where a search has led to.
  #begin() {
    const before = Number(new URL(location.href).searchParams.get("before"));
    const found = before > 1 && this.thread.list.querySelector(`[data-seq="${before - 1}"]`);
    if (found) found.scrollIntoView({ block: "center" });
    else this.thread.toEnd();
  }

  /** The address of the open conversation. */
  get address() {
    return document.querySelector("[data-open-conversation]")?.dataset.address ?? null;
  }

  // Whether one can write there is decided with the whole conversation.
  #projectChanged(project, closed) {
    if (project !== this.thread?.announcements) return;
    const was = document.querySelector("#main").hasAttribute("data-project-closed");
    if (was === closed) this.refreshHead();
    else this.open(location.href, { again: true });
  }

  /** Opens a conversation's address in place of the one that is open; `again` the one that is. */
  async open(address, { again = false } = {}) {
    const left = this.conversation;
    const opening = (this.#opening = {});
    this.list.mark(/conversations\/([^/?#]+)/.exec(address)?.[1]);
    this.#loaded();
    this.#loaded = showLoading(document.querySelector("#main"), () => this.open(address));
    const fresh = await fragment(address, "conversation");
    if (this.#opening !== opening) return;
    const main = fresh?.querySelector("#main");
    if (!main) {
      // Without a connection loading the page would lead nowhere; it can be tried again.
      if (this.connection.online && !silence.isSilent) location.assign(address);
      return;
    }
    this.#loaded();
    if (left && this.connection.online) this.connection.request("conversation:close", { conversation: left }).catch(() => null);
    document.querySelector("#main").replaceWith(main);
    document.body.dataset.pane = main.dataset.openConversation ? "conversation" : "list";
    if (!again) history.pushState(null, "", address);
    document.title = main.dataset.title ?? document.title;
    refreshTimes(main);
    this.begin();
    this.list.mark(this.conversation);
    main.focus({ preventScroll: true });
  }

  async #readHead() {
    if (!this.conversation) return;
    const { conversation } = this;
    const fresh = await fragment(document.querySelector("#main").dataset.address, "head");
    if (!fresh || conversation !== this.conversation) return;
    swap(fresh, "#head");
    swap(fresh, "#facts");
    swap(fresh, "#closed");
    this.claim.read();
    this.people.show();
  }

  async #enter() {
    const { conversation } = this;
    if (!conversation) return;
    try {
      const { viewers, candidate_online: here } = await this.connection.request("conversation:open", { conversation });
      if (conversation !== this.conversation) return;
      this.people.are(viewers, here);
      await this.thread.catchUp();
      this.refreshHead();
      this.reading?.look();
    } catch (error) {
      if (error instanceof Refused && error.code === "not_found") location.assign("..");
    }
  }

  #arrived(item, put) {
    if (item.conversation !== this.conversation) return;
    put();
    this.people.stoppedTyping(item.author.id);
  }

  #post(event, body) {
    const { conversation } = this;
    const payload = { conversation, client_id: newId(), body };
    if (event === "message:post") payload.seen_seq = this.thread.lastSeq;
    return this.outbox.add(event, payload);
  }

  #sent({ item, answer }) {
    const { conversation } = item.payload;
    if (conversation === this.conversation) {
      if (answer.message) this.thread.message(answer.message);
      if (answer.note) this.thread.note(answer.note);
      this.refreshHead();
    }
    this.list.refresh();
  }

  async #failed(item) {
    this.#showUnsent();
    const held = ["claimed_by_other", "claim_lost"].includes(item.failed.code);
    if (!held || item.payload.conversation !== this.conversation) return;
    if (await ask(`${item.failed.message} Send your reply all the same?`, { yes: "Take over and send", no: "Not now" })) {
      this.outbox.again(item.client_id, { take_over: true });
    }
  }

  #showUnsent() {
    if (!this.thread) return;
    const items = this.outbox.of(this.conversation);
    const kept = new Set(items.map(({ client_id: id }) => id));
    for (const bubble of this.thread.list.querySelectorAll("[data-pending]")) {
      if (!kept.has(bubble.dataset.clientId)) bubble.remove();
    }
    for (const item of items) {
      if (!item.failed) {
        this.thread.pending(item, this.connection.online ? SENDING : "Not sent yet, kept here");
        continue;
      }
      const changes = ["claimed_by_other", "claim_lost"].includes(item.failed.code) ? { take_over: true } : {};
      this.thread.pending(item, `Not sent: ${item.failed.message}`, [
        { label: changes.take_over ? "Take over and send" : "Try again", act: () => this.outbox.again(item.client_id, changes) },
        { label: "Edit", act: () => this.#takeBack(item.client_id) },
      ]);
    }
  }

  async #takeBack(clientId) {
    // The composer of this conversation, before anything waits.
    const { composer } = this;
    if (!composer) return toast("You can't write here at the moment. Your text is kept.", "error");
    const item = await this.outbox.drop(clientId);
    if (item) composer.giveBack(item.payload.body, item.event);
  }
}
