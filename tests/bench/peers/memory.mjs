// Socket.IO on Node with nothing behind it: who connects is looked up in a table in memory, a message is acknowledged at
// once and told to the one listener, an announcement goes to a room.
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port] = process.argv.slice(2);
const server = createServer();
const io = new Server(server);

io.use((socket, next) => {
  const { token } = socket.handshake.auth;
  if (typeof token !== "string" || !token.startsWith("secret-")) return next(new Error("Invalid token"));
  socket.data.name = token.slice("secret-".length);
  next();
});

io.on("connection", (socket) => {
  const { listens } = socket.handshake.auth;
  socket.join([`user:${socket.data.name}`, `conversation:${socket.data.name}`, listens ? "team" : "candidates"]);
  socket.emit("ready", { name: socket.data.name });

  socket.on("message", (message, callback) => {
    io.to("team").emit("message", { message });
    callback({ ok: true, message });
  });

  socket.on("announce", (announcement, callback) => {
    io.to("candidates").emit("announcement", { announcement });
    callback({ ok: true, announcement });
  });
});

server.listen(Number(port), "127.0.0.1");
