// The operators' live part: who is connected now, and the numbers kept true.
import "./page.js";
import { refreshTimes } from "./page/times.js";
import { Connection } from "./live/connection.js";

const REFRESH_AFTER_MS = 2000;
const PARTS = ["#state", "#figures", "#alert-list", "#strips", "#charts", "#check-list", "#organization-list", "#session-list"];

const page = document.querySelector("[data-admin]");
if (page) start(page);

function start(page) {
  const connection = new Connection("/admin", { html: true, as: "user" });
  const state = page.querySelector("[data-state]");
  let timer = null;

  const look = async () => {
    const { live } = await connection.request("admin:overview", {}).catch(() => ({}));
    if (live) show(page, live);
  };
  const later = () => {
    timer ??= setTimeout(async () => {
      timer = null;
      await refresh(page);
      await look();
    }, REFRESH_AFTER_MS);
  };
  connection.on("ready", look);
  connection.on("admin:changed", later);
  connection.on("state", (now) => {
    state.hidden = false;
    state.className = `badge ${now === "online" ? "badge--handled" : "badge--waits"}`;
    state.textContent = { online: "Live", waiting: "Reconnecting", ended: "Not live: load the page again" }[now];
  });
}

/** The parts anew, except one that somebody is working in. */
async function refresh(page) {
  const answer = await fetch("/admin", { headers: { "X-Fragment": "numbers" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of PARTS) {
    const [old, next] = [page.querySelector(part), fresh.querySelector(part)];
    if (!old || !next || old.contains(document.activeElement)) continue;
    const open = [...old.querySelectorAll("details[open]")];
    // One without a name cannot be found again in the fresh part.
    if (!open.every(({ id }) => id)) continue;
    for (const { id } of open) {
      const again = next.querySelector(`#${CSS.escape(id)}`);
      if (again) again.open = true;
    }
    const sockets = old.querySelector("[data-sockets]")?.textContent;
    old.replaceWith(next);
    if (sockets) next.querySelector("[data-sockets]").textContent = sockets;
    refreshTimes(next);
  }
}

function show(page, { namespaces }) {
  const all = namespaces.reduce((sum, { sockets }) => sum + sockets, 0);
  page.querySelector("[data-sockets]").textContent = all;
  const holder = page.querySelector("[data-namespaces]");
  const open = new Set([...holder.querySelectorAll("details[open]")].map(({ id }) => id));
  if (holder.contains(document.activeElement) && open.size === 0) return;
  holder.replaceChildren(...namespaces.map((namespace) => describe(namespace, open)));
}

function describe({ path, sockets, kinds, rooms, largest_rooms: largest }, open) {
  const item = make("details", "card");
  item.id = `namespace${path.replaceAll("/", "-")}`;
  item.open = open.has(item.id);
  const who = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`).join(", ");
  const head = make("summary", "admin__namespace");
  head.append(make("span", "mono", path), " ", make("span", "muted small", `${plural(sockets, "socket")}${who && ` (${who})`}, ${plural(rooms, "room")}`));
  const list = make("ul", "plain-list small admin__rooms");
  for (const { name, sockets: inside } of largest) {
    const row = make("li", "row row--apart");
    row.append(make("span", "mono truncate", name), make("span", "numbers", String(inside)));
    list.append(row);
  }
  if (!largest.length) list.append(make("li", "muted", "Nobody is here."));
  if (rooms > largest.length) list.append(make("li", "muted", `and ${rooms - largest.length} smaller rooms`));
  item.append(head, list);
  return item;
}

function make(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
