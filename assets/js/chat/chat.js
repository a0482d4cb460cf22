import { v7 as newId } from "uuid";
import { Reading } from "../live/reading.js";
import { SENDING, Thread } from "../live/thread.js";
import { now } from "../page/clock.js";
import { headline } from "./headline.js";
import { Writing } from "./writing.js";

const OWN = ["candidate"];
const TYPING_MS = 6500;
const RECENT = 30;
const LINK_ENDED = ["link_revoked", "link_expired"];

/** One candidate's conversation on the page. */
export class Chat {
  #unseen = 0;
  #follows = true;
  #typing = null;
  #teamIsHere = false;

  constructor({ page, connection, outbox, drafts }) {
    Object.assign(this, { page, connection, outbox, conversation: page.dataset.conversation, title: document.title });
    const list = page.querySelector(".thread");
    this.thread = new Thread({ list, conversation: this.conversation, connection, announcements: page.dataset.project, me: page.dataset.me });
    this.reading = new Reading(this.thread, connection);
    this.jump = document.querySelector("[data-jump]");
    const form = document.querySelector(".chat__composer");
    this.writing = form && new Writing({ form, drafts, conversation: this.conversation, connection, post: (body) => this.#post(body) });
    list.addEventListener("arrived", ({ detail: item }) => this.#arrived(item));
  }

  begin() {
    const { connection, outbox, thread, page } = this;
    connection.on("ready", ({ conversations }) => {
      // The project may have been closed or opened while nobody could tell.
      this.#told(conversations.find(({ id }) => id === this.conversation)?.project_status);
      this.#catchUp();
    });
    connection.on("state", () => {
      this.#teamIsHere = false;
      this.#showUnsent();
      this.#showHeadline();
    });
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.#showHeadline());
    connection.on("message:posted", ({ message, html }) => {
      this.#nobodyTypes();
      thread.message(message, html);
    });
    connection.on("announcement:posted", ({ announcement, html }) => thread.announcement(announcement, html));
    connection.on("project:updated", ({ project, status }) => project === page.dataset.project && this.#told(status));
    connection.on("messages:read", ({ conversation, reader, seq }) => {
      if (conversation === this.conversation && reader.kind !== "candidate") thread.readUpTo(seq, OWN);
    });
    connection.on("typing:changed", (change) => this.#types(change));
    connection.on("presence:changed", (change) => this.#team(change));
    outbox.addEventListener("changed", () => this.#showUnsent());
    outbox.addEventListener("sent", ({ detail }) => detail.answer.message && thread.message(detail.answer.message));
    outbox.addEventListener("failed", ({ detail }) => detail.item.failed.code === "project_closed" && this.#close());
    document.addEventListener("visibilitychange", () => this.#look());
    this.page.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // A banner or the telephone's keyboard takes room; whoever was at the end stays there.
    new ResizeObserver(() => this.#follows && thread.toEnd()).observe(this.page);
    this.jump.addEventListener("click", () => thread.toEnd());
    thread.toEnd();
  }

  async #catchUp() {
    await this.thread.catchUp();
    this.#look();
    // What the team has read meanwhile is told once, when it happens; so the last ones are looked at anew.
    const { conversation } = this;
    const recent = { conversation, before_seq: this.thread.lastSeq + 1, limit: RECENT };
    const answer = await this.connection.request("message:history", recent).catch(() => null);
    const read = answer?.messages.findLast(({ author, read_by_other: read }) => author.kind === "candidate" && read);
    if (read) this.thread.readUpTo(read.seq, OWN);
  }

  #post(body) {
    return this.outbox.add("message:post", { conversation: this.conversation, client_id: newId(), body });
  }

  // The page is closed by what the server has said, whatever it was when it was opened.
  get #isClosed() {
    return !document.querySelector("[data-closed]").hidden;
  }

  #showHeadline() {
    const line = document.querySelector("[data-team]");
    line.textContent = headline({
      closed: this.#isClosed,
      closedOn: line.dataset.closedOn,
      ended: LINK_ENDED.includes(this.connection.reason),
      // A browser without a network may still reach a server on its own machine.
      offline: !navigator.onLine && !this.connection.online,
      present: this.#teamIsHere,
      hours: line.dataset.hours,
    });
  }

  #arrived(item) {
    this.page.querySelector("[data-empty]")?.remove();
    if (item.dataset.authorKind === "candidate") return;
    if (document.visibilityState !== "visible") {
      this.#unseen += 1;
      document.title = `(${this.#unseen}) ${this.title}`;
    }
    if (!this.thread.atEnd) this.jump.hidden = false;
    this.#look();
  }

  #look() {
    if (document.visibilityState !== "visible") return;
    this.#unseen = 0;
    document.title = this.title;
    this.reading.look();
  }

  #scrolled() {
    this.#follows = this.thread.atEnd;
    if (this.#follows) this.jump.hidden = true;
  }

  #types({ conversation, actor, typing }) {
    if (conversation !== this.conversation || actor.kind === "candidate") return;
    this.#nobodyTypes();
    if (!typing) return;
    document.querySelector("[data-typing]").textContent = `${actor.name} is writing`;
    this.#typing = setTimeout(() => this.#nobodyTypes(), TYPING_MS);
  }

  #nobodyTypes() {
    clearTimeout(this.#typing);
    document.querySelector("[data-typing]").textContent = "";
  }

  #team({ conversation, state }) {
    if (conversation !== this.conversation) return;
    this.#teamIsHere = state === "online";
    this.#showHeadline();
  }

  #told(status) {
    if (status === "closed") this.#close();
    // The server knows best what an open page holds; what is being written is kept as a draft.
    else if (status && !document.querySelector(".chat__composer")) location.reload();
  }

  #close() {
    document.querySelector("[data-closed]").hidden = false;
    document.querySelector("[data-team]").dataset.closedOn ??= new Date(now()).toISOString();
    document.querySelector(".chat__composer")?.remove();
    this.#showHeadline();
  }

  #showUnsent() {
    const items = this.outbox.of(this.conversation);
    const kept = new Set(items.map(({ client_id: id }) => id));
    for (const bubble of this.thread.list.querySelectorAll("[data-pending]")) {
      if (!kept.has(bubble.dataset.clientId)) bubble.remove();
    }
    if (items.length) this.page.querySelector("[data-empty]")?.remove();
    for (const item of items) {
      const waits = this.connection.online ? SENDING : "Not sent yet, kept on this device";
      if (!item.failed) this.thread.pending(item, waits);
      else this.thread.pending(item, `Not sent: ${item.failed.message}`, this.#waysOn(item));
    }
  }

  #waysOn({ client_id: id, failed }) {
    const edit = { label: "Edit", act: () => this.#takeBack(id) };
    const again = { label: "Try again", act: () => this.outbox.again(id) };
    return failed.code === "project_closed" || !this.writing ? [again] : [again, edit];
  }

  async #takeBack(id) {
    if (!this.writing) return;
    const item = await this.outbox.drop(id);
    if (item) this.writing.giveBack(item.payload.body);
  }
}
