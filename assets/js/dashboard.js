// The recruiters' live part. The page is whole without it; everything here only keeps the page true and quick.
import "./page.js";
import { Connection } from "./live/connection.js";
import { Drafts, ownerOf } from "./live/kept.js";
import { Outbox } from "./live/outbox.js";
import { watchConnection } from "./live/banner.js";
import { LiveList } from "./dashboard/list.js";
import { Pane } from "./dashboard/pane.js";
import { listenToKeys } from "./dashboard/keys.js";
import { listenToForms } from "./dashboard/forms.js";

const workspace = document.querySelector("[data-workspace]");
if (workspace) start(workspace);

function start({ dataset }) {
  const connection = new Connection(`/org/${dataset.org}`, { html: true, as: "user" }, dataset.me);
  const owner = ownerOf("user", dataset.org, dataset.me);
  const outbox = new Outbox(connection, owner);
  const list = new LiveList(connection);
  const pane = new Pane({ connection, outbox, drafts: new Drafts(owner), list, me: dataset.me, myName: dataset.meName });
  watchConnection(connection, outbox);
  listenToForms({ list, pane });
  listenToKeys({ list, pane, me: dataset.me });
  pane.begin();
  outbox.begin();
}
