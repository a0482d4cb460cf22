const day = (date) => new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "long" });

/** The one line under the chat's title: what is true and matters most. */
export function headline({ closed, closedOn, ended, offline, present, hours }) {
  if (closed) return closedOn ? `Closed on ${day(closedOn)}` : "Closed";
  if (ended) return "This link has ended";
  if (offline) return "You're offline";
  return present ? "The team is here now" : hours;
}
