// The candidate's live part. The page is whole without it: this only keeps it true, and keeps what is written.
import "./page.js";
import { Connection } from "./live/connection.js";
import { Drafts, ownerOf } from "./live/kept.js";
import { Outbox } from "./live/outbox.js";
import { Chat } from "./chat/chat.js";
import { watchConnection } from "./live/banner.js";

const page = document.querySelector("[data-chat]");
if (page) start(page);
// Somebody may have left the chat since the browser put this page aside.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

async function start(page) {
  const { org, conversation, me } = page.dataset;
  const connection = new Connection(`/org/${org}`, { html: true, as: "candidate", conversation }, me);
  const owner = ownerOf("candidate", org, me);
  const outbox = new Outbox(connection, owner);
  watchConnection(connection, outbox);
  new Chat({ page, connection, outbox, drafts: new Drafts(owner) }).begin();
  await outbox.begin();
}
