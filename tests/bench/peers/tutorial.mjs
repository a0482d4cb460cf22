// The chat of Socket.IO's own tutorial, https://socket.io/docs/v4/tutorial/ending-notes, in one process: its server code
// in final form, with SQLite, the acknowledgement after the insert, and connection state recovery.
//
// What differs: port and file come from the command line; the message goes to the one listener instead of to everybody,
// so that each server here delivers as many copies; and the cluster of the tutorial's last step is left out, since each
// of its workers would only add messages between processes that wait for the same database's lock.
import express from "express";
import { createServer } from "node:http";
import { Server } from "socket.io";
import sqlite3 from "sqlite3";
import { open } from "sqlite";

const [port, folder] = process.argv.slice(2);

const db = await open({ filename: `${folder}/chat.db`, driver: sqlite3.Database });

await db.exec(`
  CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_offset TEXT UNIQUE,
    content TEXT
  );
`);

const app = express();
const server = createServer(app);
const io = new Server(server, { connectionStateRecovery: {} });

io.on("connection", async (socket) => {
  if (socket.handshake.auth.listens) socket.join("team");

  socket.on("chat message", async (msg, clientOffset, callback) => {
    let result;
    try {
      result = await db.run("INSERT INTO messages (content, client_offset) VALUES (?, ?)", msg, clientOffset);
    } catch (e) {
      if (e.errno === 19 /* SQLITE_CONSTRAINT */) {
        callback();
      }
      return;
    }
    io.to("team").emit("chat message", msg, result.lastID);
    callback();
  });

  if (!socket.recovered) {
    try {
      await db.each(
        "SELECT id, content FROM messages WHERE id > ?",
        [socket.handshake.auth.serverOffset ?? 0],
        (_err, row) => {
          socket.emit("chat message", row.content, row.id);
        },
      );
    } catch (e) {
      console.error(e);
    }
  }
});

server.listen(Number(port), "127.0.0.1");
