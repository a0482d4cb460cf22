// The official JavaScript client as it comes, over a restart of the server: it is told, and comes back by itself.
//
// HEARBACK_URL, HEARBACK_SLUG, HEARBACK_TOKEN. Prints `entered` for each transport at first, and ends when all are back.
import { io } from "socket.io-client";

const { HEARBACK_URL: url, HEARBACK_SLUG: slug, HEARBACK_TOKEN: token } = process.env;
const transports = ["websocket", "polling"];

await Promise.all(
  transports.map(
    (transport) =>
      new Promise((resolve) => {
        const socket = io(`${url}/org/${slug}`, { transports: [transport], auth: { token }, forceNew: true });
        let reason;
        let entered = 0;
        socket.on("session:ended", (told) => (reason = told.reason));
        socket.on("disconnect", (why) => console.log(`${transport} left: ${reason}, ${why}`));
        socket.on("session:ready", () => {
          entered += 1;
          console.log(`${transport} entered`);
          if (entered === 2) resolve(socket.disconnect());
        });
      }),
  ),
);
