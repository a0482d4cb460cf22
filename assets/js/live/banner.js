import { silence } from "./silence.js";

const ENDED = {
  signed_out: "You signed out in another tab.",
  another_person: "Someone else has signed in in this browser.",
  removed: "Your access has ended. Ask an owner of your organization.",
  link_revoked: "This chat link has been ended.",
  link_expired: "This chat link has run out.",
};

const SILENT = "Hearback isn't answering. Your text is saved on this device and will be sent when it's back.";

/** Says in words that the page is not live, and why. Short gaps stay quiet. */
export function watchConnection(connection, outbox) {
  const banner = document.querySelector("[data-connection]");
  if (!banner) return;
  const text = banner.querySelector("[data-connection-text]");
  const action = banner.querySelector("[data-connection-action]");
  let timer = null;

  const say = (sentence) => {
    if (text.textContent !== sentence) text.textContent = sentence;
    banner.hidden = false;
  };
  const show = () => {
    clearTimeout(timer);
    if (connection.state === "ended") {
      // What was on the screen is not for whoever uses the browser next.
      if (connection.reason === "signed_out" && banner.dataset.signedOut) return leave(banner.dataset.signedOut);
      const { removed } = banner.dataset;
      const why = connection.reason === "removed" && removed ? removed : ENDED[connection.reason];
      if (action) action.hidden = false;
      say(`${why ?? "This page is not connected any more."} What you wrote is kept here.`);
      // The role may only be another one: then the page is still there, and is shown as that role sees it.
      if (connection.reason === "removed" && !removed) reloadIfAllowed();
    } else if (silence.isSilent) {
      say(navigator.onLine ? SILENT : disconnected(outbox.size));
    } else if (connection.online) {
      banner.hidden = true;
    } else {
      timer = setTimeout(() => say(disconnected(outbox.size)), banner.hidden ? 1500 : 0);
    }
  };
  connection.on("state", show);
  silence.addEventListener("changed", show);
  window.addEventListener("offline", show);
  outbox.addEventListener("changed", () => banner.hidden || show());
  show();
}

async function reloadIfAllowed() {
  const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

// This page may be the one that signs out: then it goes on by itself, once what it keeps is gone.
function leave(address) {
  if (!("leaving" in document.documentElement.dataset)) location.replace(address);
}

function disconnected(unsent) {
  const where = navigator.onLine ? "Reconnecting." : "You're offline.";
  if (!unsent) return `${where} What you write is saved here and will be sent when you're back.`;
  return `${where} ${unsent === 1 ? "1 message" : `${unsent} messages`} will be sent when you're back.`;
}
