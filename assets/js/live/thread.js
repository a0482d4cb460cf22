import { refreshTimes } from "../page/times.js";
import { oneAtATime } from "./turns.js";

const HISTORY_STEP = 200;

const SPEAK_AFTER_MS = 150;
/** After this many seconds without an answer a bubble says how long it has been waiting. */
const SLOW_SECONDS = 2;

/**
 * A thread on the page: items in their order whatever the order they arrive in, gaps repaired from the server's history,
 * and bubbles for what is not confirmed yet. `me` is the id of the person who reads: what others write is announced to
 * screen readers, once.
 */
export class Thread {
  constructor({ list, conversation, connection, announcements = null, notes = false, me = null }) {
    Object.assign(this, { list, conversation, connection, announcements, notes, me });
    this.lastSeq = Number(list.dataset.lastSeq ?? 0);
    this.lastNoteSeq = Number(list.dataset.lastNoteSeq ?? 0);
    this.lastAnnouncementSeq = Number(list.dataset.lastAnnouncementSeq ?? 0);
    this.scroller = list.closest("[data-scroller]") ?? document.scrollingElement;
    // Whoever reads the newest message goes on seeing it when the field below grows or a phone's keyboard opens.
    let follow = true;
    this.scroller.addEventListener("scroll", () => (follow = this.atEnd), { passive: true });
    this.resized = new ResizeObserver(() => follow && this.toEnd());
    this.resized.observe(this.scroller);
    region();
    this.ticking = setInterval(() => this.#count(), 1000);
  }

  end() {
    this.resized.disconnect();
    clearInterval(this.ticking);
  }

  /** A message by event or ack. One that is not the next means that others are missing: ask for them. */
  message(message, html = message.html) {
    if (message.conversation !== this.conversation) return;
    const missing = message.seq > this.lastSeq + 1;
    this.#put(html, (item) => Number(item.dataset.seq) === message.seq && item.dataset.seq !== undefined);
    if (missing) this.catchUp();
    else this.lastSeq = Math.max(this.lastSeq, message.seq);
  }

  note(note, html = note.html) {
    if (note.conversation !== this.conversation) return;
    const missing = note.seq > this.lastNoteSeq + 1;
    this.#put(html);
    if (missing) this.catchUp();
    else this.lastNoteSeq = Math.max(this.lastNoteSeq, note.seq);
  }

  announcement(announcement, html = announcement.html) {
    if (announcement.project !== this.announcements) return;
    const missing = announcement.seq > this.lastAnnouncementSeq + 1;
    this.#put(html);
    if (missing) this.catchUp();
    else this.lastAnnouncementSeq = Math.max(this.lastAnnouncementSeq, announcement.seq);
  }

  /** Asks for everything after what is here; once more where a gap shows meanwhile. */
  catchUp = oneAtATime(() => this.#catchUp().catch(() => null));

  async #catchUp() {
    const { conversation, announcements: project } = this;
    await this.#follow("message:history", { conversation }, "messages", "lastSeq");
    if (this.notes) await this.#follow("note:history", { conversation }, "notes", "lastNoteSeq");
    if (project) await this.#follow("announcement:history", { project }, "announcements", "lastAnnouncementSeq");
  }

  async #follow(event, target, field, position) {
    for (let more = true; more; ) {
      const answer = await this.connection.request(event, { ...target, after_seq: this[position], limit: HISTORY_STEP });
      for (const item of answer[field]) {
        this.#put(item.html);
        this[position] = Math.max(this[position], item.seq);
      }
      more = answer.has_more && answer[field].length > 0;
    }
  }

  /** A bubble for what is not confirmed; `state` is the sentence that says so. */
  pending({ client_id: clientId, payload, failed, event }, state, actions = []) {
    const note = event === "note:post";
    let item = this.#byClientId(clientId);
    if (item && !item.dataset.pending) return;
    if (!item) {
      item = document.createElement("li");
      item.dataset.clientId = clientId;
      item.dataset.pending = "1";
      item.dataset.authorKind = this.list.dataset.side === "candidate" ? "candidate" : "user";
      item.innerHTML = `<div class="message__meta"><span class="message__state" role="status"></span><span aria-hidden="true"></span></div>
        <div class="message__body" dir="auto"></div>`;
      item.querySelector(".message__body").textContent = payload.body;
      item.dataset.since = performance.now();
      this.list.append(item);
      requestAnimationFrame(() => this.toEnd());
    }
    const kind = note ? "note" : "message";
    item.className = `${kind} ${kind}--${failed ? "failed" : "pending"}`;
    const line = item.querySelector(".message__state");
    const shown = [state, ...actions.map(({ label }) => label)].join("|");
    // What has the focus keeps it.
    if (line.dataset.shown === shown) return;
    line.dataset.shown = shown;
    line.textContent = state;
    item.dataset.waits = state === SENDING ? "1" : "";
    this.#count();
    for (const { label, act } of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.textContent = label;
      button.addEventListener("click", act);
      line.append(" ", button);
    }
  }

  #count() {
    for (const item of this.list.querySelectorAll("[data-pending]")) {
      const seconds = Math.floor((performance.now() - item.dataset.since) / 1000);
      const slow = item.dataset.waits && seconds >= SLOW_SECONDS;
      item.querySelector(".message__state + span").textContent = slow ? ` … ${seconds} s` : "";
    }
  }

  forget(clientId) {
    const item = this.#byClientId(clientId);
    if (item?.dataset.pending) item.remove();
  }

  /** Marks own messages read up to `seq` by the other side. */
  readUpTo(seq, ownKinds) {
    for (const item of this.list.querySelectorAll("[data-seq]:not([data-read])")) {
      if (Number(item.dataset.seq) <= seq && ownKinds.includes(item.dataset.authorKind)) item.dataset.read = "";
    }
  }

  get atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #put(html) {
    const follow = this.atEnd;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    const old = document.getElementById(fresh.id);
    if (old && this.list.contains(old)) {
      old.replaceWith(fresh);
      this.list.dispatchEvent(new CustomEvent("replaced", { detail: fresh }));
    } else {
      this.#byClientId(fresh.dataset.clientId)?.remove();
      this.#place(fresh);
    }
    refreshTimes(fresh);
    if (follow) this.toEnd();
  }

  #place(fresh) {
    const key = sortKey(fresh);
    const before = [...this.list.children].find((item) => compare(sortKey(item), key) > 0);
    this.list.insertBefore(fresh, before ?? null);
    if (fresh.dataset.authorId !== this.me) speak(fresh);
    this.list.dispatchEvent(new CustomEvent("arrived", { detail: fresh }));
  }

  #byClientId(clientId) {
    return clientId ? this.list.querySelector(`[data-client-id="${CSS.escape(clientId)}"]`) : null;
  }
}

/** What a bubble says while its message waits for the server's ack. */
export const SENDING = "Sending";

let spoken = [];

/** Has screen readers announce what came in; much at once is only counted. */
function speak(item) {
  if (!spoken.length) setTimeout(say, SPEAK_AFTER_MS);
  const author = item.querySelector(".message__author")?.textContent.trim();
  spoken.push(`${author}: ${item.querySelector(".message__body")?.textContent.trim()}`);
}

function say() {
  region().textContent = spoken.length > 3 ? `${spoken.length} new messages` : spoken.join(". ");
  spoken = [];
}

/** It has to be there before there is something to announce. */
function region() {
  let found = document.querySelector("[data-spoken]");
  if (!found) {
    found = document.createElement("div");
    Object.assign(found, { className: "visually-hidden", role: "status" });
    found.dataset.spoken = "";
    document.body.append(found);
  }
  return found;
}

/** Messages by seq, notes after the message they stand after, announcements by time, unconfirmed ones last. */
function sortKey(item) {
  const time = item.querySelector("time")?.dateTime ?? "9";
  if (item.dataset.pending) return { last: true, time };
  if (item.dataset.seq) return { seq: Number(item.dataset.seq), rank: 0, time };
  if (item.dataset.afterSeq) return { seq: Number(item.dataset.afterSeq), rank: Number(item.dataset.noteSeq), time };
  return { time };
}

function compare(a, b) {
  if (a.last || b.last) return Number(Boolean(a.last)) - Number(Boolean(b.last));
  if (a.seq !== undefined && b.seq !== undefined) return a.seq - b.seq || a.rank - b.rank;
  return a.time < b.time ? -1 : Number(a.time > b.time);
}
