const ENDED = {
  signed_out: "You have signed out in another tab.",
  removed: "Your access has ended. Ask an owner of your organization.",
  link_revoked: "This chat link has been ended.",
  link_expired: "This chat link has run out.",
};

/** Says in words that the page is not live, and why. Short gaps stay quiet. */
export function watchConnection(connection, outbox) {
  const banner = document.querySelector("[data-connection]");
  if (!banner) return;
  const text = banner.querySelector("[data-connection-text]");
  const action = banner.querySelector("[data-connection-action]");
  let timer = null;

  const show = () => {
    clearTimeout(timer);
    if (connection.online) {
      banner.hidden = true;
      return;
    }
    if (connection.state === "ended") {
      const { removed } = banner.dataset;
      const why = connection.reason === "removed" && removed ? removed : ENDED[connection.reason];
      text.textContent = `${why ?? "This page is not connected any more."} What you wrote is kept here.`;
      if (action) action.hidden = false;
      banner.hidden = false;
      // The role may only be another one: then the page is still there, and is shown as that role sees it.
      if (connection.reason === "removed" && !removed) reloadIfAllowed();
      return;
    }
    timer = setTimeout(() => {
      const unsent = outbox.size;
      const kept = unsent ? ` ${unsent} unsent, kept here and sent by itself.` : " What you write is kept and sent by itself.";
      text.textContent = `Reconnecting.${kept}`;
      banner.hidden = false;
    }, banner.hidden ? 1500 : 0);
  };
  connection.on("state", show);
  outbox.addEventListener("changed", () => banner.hidden || show());
  show();
}

async function reloadIfAllowed() {
  const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}
