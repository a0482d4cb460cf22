// The candidate's live part. The page is whole without it: this only keeps it true, and keeps what is written.
import "./page.js";
import { Connection } from "./live/connection.js";
import { Outbox } from "./live/outbox.js";
import { Chat } from "./chat/chat.js";
import { watchConnection } from "./live/banner.js";

const page = document.querySelector("[data-chat]");
if (page) start(page);

async function start(page) {
  const { org, conversation, me } = page.dataset;
  const connection = new Connection(`/org/${org}`, { html: true, as: "candidate", conversation });
  const outbox = new Outbox(connection, `candidate:${me}`);
  watchConnection(connection, outbox);
  new Chat({ page, connection, outbox }).begin();
  await outbox.begin();
}
