// The server's time, as near as the page can know it. A browser's clock may be minutes off.
let offset = 0;

const written = document.querySelector("[data-now]")?.dataset.now;
if (written) {
  const [navigation] = performance.getEntriesByType("navigation");
  const { requestStart = 0, responseStart = 0 } = navigation ?? {};
  const age = performance.now() - (requestStart + responseStart) / 2;
  learnTime(written, 2 * age);
}

/** The present moment by the server's clock, in milliseconds since 1970. */
export const now = () => Date.now() + offset;

/** Takes the server's time, which was written half a round trip ago. */
export function learnTime(serverTime, roundTripMs) {
  const at = Date.parse(serverTime);
  if (!Number.isNaN(at)) offset = at + (Number.isFinite(roundTripMs) ? roundTripMs / 2 : 0) - Date.now();
}
