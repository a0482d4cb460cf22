// The contract of the sockets, spoken by the official JavaScript client. contract.py says the same in Python.
//
// HEARBACK_URL, HEARBACK_SLUG, HEARBACK_TOKEN (a recruiter's API token), HEARBACK_LINK (a chat link's secret or address),
// HEARBACK_FOREIGN_TOKEN (another organization's). The server runs with HEARBACK_RATE_LIMITS=off.
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const env = (name) => process.env[name] ?? (console.error(`${name} is missing`), process.exit(2));
const url = env("HEARBACK_URL");
const namespace = `/org/${env("HEARBACK_SLUG")}`;
const token = env("HEARBACK_TOKEN");
const link = env("HEARBACK_LINK").split("/").pop();
const foreignToken = env("HEARBACK_FOREIGN_TOKEN");
const transports = (process.env.HEARBACK_TRANSPORTS ?? "websocket polling").split(" ");

let passed = 0;
let failed = 0;
const sockets = new Set();

const within = (promise, what, ms = 20_000) =>
  Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`waited too long for ${what}`)), ms).unref())]);

function equal(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a?.slice(0, 300)} instead of ${b?.slice(0, 300)}`);
}

function open(transport, auth, path = namespace) {
  const socket = io(url + path, { transports: [transport], auth, forceNew: true, reconnection: false });
  sockets.add(socket);
  return socket;
}

const once = (socket, event, accepts = () => true) =>
  within(
    new Promise((resolve) => {
      const listener = (payload) => accepts(payload) && (socket.off(event, listener), resolve(payload));
      socket.on(event, listener);
    }),
    event,
  );

async function enter(transport, auth) {
  const socket = open(transport, auth);
  socket.heard = [];
  socket.onAny((event, payload) => socket.heard.push([event, payload]));
  const refused = new Promise((_, no) => socket.once("connect_error", no));
  socket.ready = await Promise.race([once(socket, "session:ready"), refused]);
  return socket;
}

const refusal = async (transport, auth, path) =>
  (await within(new Promise((resolve) => open(transport, auth, path).once("connect_error", resolve)), "a refusal")).message;

const ask = (socket, event, payload) => within(socket.timeout(20_000).emitWithAck(event, payload), `the ack of ${event}`);

async function done(socket, event, payload) {
  const ack = await ask(socket, event, payload);
  if (!ack.ok) throw new Error(`${event}: ${JSON.stringify(ack.error)}`);
  return ack;
}

const refused = async (socket, event, payload) => (await ask(socket, event, payload)).error?.code;

async function story(transport) {
  const step = async (name, act) => {
    try {
      await act();
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`FAILED js ${transport}: ${name}: ${error.message}`);
    }
  };
  let recruiter, candidate, conversation, project;
  const post = (socket, body, more = {}) =>
    done(socket, "message:post", { conversation, client_id: randomUUID(), body, seen_seq: 0, ...more });

  await step("an API token is let in and told who it is", async () => {
    recruiter = await enter(transport, { token });
    equal(recruiter.ready.actor.kind, "api", "kind");
    equal(recruiter.ready.organization.slug, namespace.slice(5), "slug");
    equal(recruiter.ready.conversations, [], "conversations");
  });
  await step("a chat link is let in and told its conversation", async () => {
    candidate = await enter(transport, { link });
    equal(candidate.ready.actor.kind, "candidate", "kind");
    equal(candidate.ready.conversations.length, 1, "conversations");
    conversation = candidate.ready.conversations[0].id;
  });
  await step("bad, missing and foreign credentials and an unknown namespace are refused alike", async () => {
    equal(await refusal(transport, { token: "x".repeat(43) }), "Invalid namespace", "bad token");
    equal(await refusal(transport, { link: "x".repeat(43) }), "Invalid namespace", "bad link");
    equal(await refusal(transport, { token: 7 }), "Invalid namespace", "token of another type");
    equal(await refusal(transport, undefined), "Invalid namespace", "no credentials");
    equal(await refusal(transport, { token: foreignToken }), "Invalid namespace", "foreign token");
    equal(await refusal(transport, { token }, "/org/nobody-here"), "Invalid namespace", "unknown organization");
    equal(await refusal(transport, { token }, "/"), "Invalid namespace", "the root namespace");
  });
  await step("a request sent before anything else was heard is answered", async () => {
    const socket = open(transport, { link });
    const ack = await ask(socket, "message:history", { conversation, limit: 1 });
    equal(ack.ok, true, "ack");
    socket.disconnect();
  });
  await step("opening tells the conversation, its messages, notes, viewers and entry", async () => {
    const opened = await done(recruiter, "conversation:open", { conversation });
    project = opened.conversation.project;
    equal(opened.conversation.id, conversation, "id");
    for (const field of ["messages", "notes", "viewers"]) equal(Array.isArray(opened[field]), true, field);
    equal("entry" in opened, true, "entry");
  });
  await step("a post is acknowledged and announced to the other side, not to its sender", async () => {
    candidate.heard.length = 0;
    const heard = once(recruiter, "message:posted");
    const { message, duplicate } = await post(candidate, "  Good morning  ");
    equal([message.body, message.author.kind, duplicate], ["Good morning", "candidate", false], "message");
    const announced = await heard;
    equal(announced.message.id, message.id, "announced");
    equal(announced.html.includes(`id="m-${message.id}"`), true, "rendered");
    await done(candidate, "message:history", { conversation, limit: 1 });
    equal(candidate.heard.filter(([event]) => event === "message:posted").length, 0, "heard by its sender");
  });
  await step("a resent message keeps its seq and is announced once", async () => {
    const client_id = randomUUID();
    const announced = once(recruiter, "message:posted", ({ message }) => message.client_id === client_id);
    const first = await post(candidate, "Once", { client_id });
    await announced;
    recruiter.heard.length = 0;
    const again = await post(candidate, "Once", { client_id });
    equal([again.duplicate, again.message.seq], [true, first.message.seq], "resent");
    await done(recruiter, "message:history", { conversation, limit: 1 });
    equal(recruiter.heard.filter(([event]) => event === "message:posted").length, 0, "announced again");
  });
  await step("history goes on where it is asked to, in both directions", async () => {
    const { last_seq } = await done(candidate, "message:history", { conversation, limit: 1 });
    const after = await done(candidate, "message:history", { conversation, after_seq: last_seq - 2, limit: 200 });
    equal(after.messages.map((message) => message.seq), [last_seq - 1, last_seq], "after");
    equal(after.has_more, false, "has_more");
    const before = await done(candidate, "message:history", { conversation, before_seq: last_seq, limit: 1 });
    equal(before.messages.map((message) => message.seq), [last_seq - 1], "before");
  });
  await step("what cannot be parsed is answered invalid, never with silence", async () => {
    const good = { conversation, client_id: randomUUID(), body: "x" };
    equal(await refused(candidate, "message:post", { ...good, colour: "red" }), "invalid", "unknown field");
    equal(await refused(candidate, "message:post", { ...good, body: 7 }), "invalid", "wrong type");
    equal(await refused(candidate, "message:post", { ...good, body: " " }), "invalid", "empty");
    equal(await refused(candidate, "message:post", { ...good, body: "a\u0000b" }), "invalid", "NUL");
    equal(await refused(candidate, "message:post", { ...good, body: "\ud800" }), "invalid", "lone surrogate");
    equal(await refused(candidate, "message:post", { ...good, body: "x".repeat(10_001) }), "too_large", "too long");
    equal(await refused(candidate, "message:post", { ...good, body: "x".repeat(100_000) }), "too_large", "far too long");
    equal(await refused(candidate, "message:post", { ...good, body: Buffer.from("x") }), "invalid", "attachment");
    equal(await refused(candidate, "message:post", [good]), "invalid", "array");
    equal(await refused(candidate, "message:post"), "invalid", "nothing");
    equal(await refused(candidate, "nothing:such", {}), "invalid", "unknown request");
    equal(await refused(candidate, "message:post", { ...good, conversation: randomUUID() }), "not_found", "foreign");
    equal(await refused(candidate, "queue:next", {}), "forbidden", "not a candidate's");
  });
  await step("typing is told to the others and ends by itself", async () => {
    const begun = once(candidate, "typing:changed", (payload) => payload.typing);
    await done(recruiter, "typing:set", { conversation, typing: true });
    equal((await begun).actor.kind, "api", "actor");
    await once(candidate, "typing:changed", (payload) => !payload.typing);
  });
  await step("notes are the team's own", async () => {
    candidate.heard.length = 0;
    const { note } = await done(recruiter, "note:post", { conversation, client_id: randomUUID(), body: "Strong" });
    const { notes } = await done(recruiter, "note:history", { conversation, after_seq: note.seq - 1, limit: 5 });
    equal(notes.map(({ id }) => id), [note.id], "notes");
    const code = await refused(candidate, "note:history", { conversation, limit: 5 });
    equal(["forbidden", "not_found"].includes(code), true, `a candidate asked for notes and was answered ${code}`);
    equal(candidate.heard.filter(([event]) => event.startsWith("note")).length, 0, "heard by the candidate");
  });
  await step("of a hundred queue:next at once on one entry exactly one gets it", async () => {
    for (;;) {
      const { entries } = await done(recruiter, "queue:overview", { project, limit: 200 });
      if (entries.length === 0) break;
      for (const entry of entries) {
        await done(recruiter, "queue:claim", { conversation: entry.conversation, take_over: true });
        await done(recruiter, "queue:resolve", { conversation: entry.conversation });
      }
    }
    const { message } = await post(candidate, "Is anybody there?");
    const others = await Promise.all(Array.from({ length: 9 }, () => enter(transport, { token })));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => done([recruiter, ...others][i % 10], "queue:next", { project })),
    );
    const winners = answers.filter((answer) => answer.entry !== null);
    equal(winners.length, 1, "winners");
    equal(winners[0].entry.conversation, conversation, "entry");
    equal(typeof winners[0].lease.token, "string", "lease");
    const lease = winners[0].lease.token;
    const resolved = once(recruiter, "queue:changed", (payload) => payload.reason === "resolved");
    await done(recruiter, "message:post", {
      conversation, client_id: randomUUID(), body: "Yes", seen_seq: message.seq, lease,
    });
    equal((await resolved).waiting, 0, "waiting");
    others.forEach((socket) => socket.disconnect());
  });
  await step("a thousand posts of one socket keep their order", async () => {
    const count = 1_000;
    const order = [];
    const before = (await done(recruiter, "message:history", { conversation, limit: 1 })).last_seq;
    const heard = [];
    const all = new Promise((resolve) =>
      candidate.on("message:posted", ({ message }) => heard.push(message.seq) === count && resolve()),
    );
    const acks = await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const ack = await done(recruiter, "message:post", {
          conversation, client_id: randomUUID(), body: `Number ${i}`, seen_seq: before,
        });
        order.push(i);
        return ack.message;
      }),
    );
    equal(acks.map(({ seq }) => seq), Array.from({ length: count }, (_, i) => before + 1 + i), "seqs");
    equal(order, Array.from({ length: count }, (_, i) => i), "order of the acks");
    await within(all, "a thousand announcements");
    equal(heard, acks.map(({ seq }) => seq), "order of the announcements");
  });
  await step("who comes back catches up without a gap", async () => {
    const { last_seq } = await done(candidate, "message:history", { conversation, limit: 1 });
    candidate.disconnect();
    for (const body of ["One", "Two", "Three"]) await post(recruiter, body, { seen_seq: last_seq });
    candidate = await enter(transport, { link });
    equal(candidate.ready.conversations[0].last_seq, last_seq + 3, "last_seq");
    const { messages } = await done(candidate, "message:history", { conversation, after_seq: last_seq, limit: 200 });
    equal(messages.map(({ body }) => body), ["One", "Two", "Three"], "bodies");
    await done(candidate, "message:mark_read", { conversation, seq: last_seq + 3 });
  });
  await step("an announcement reaches the candidate and tells of nobody else", async () => {
    const heard = once(candidate, "announcement:posted");
    const { announcement } = await done(recruiter, "announcement:post", {
      project, client_id: randomUUID(), body: "We moved",
    });
    equal((await heard).announcement.id, announcement.id, "announced");
    const { announcements } = await done(candidate, "announcement:history", {
      project, after_seq: announcement.seq - 1, limit: 10,
    });
    equal(announcements.map(({ id }) => id), [announcement.id], "history");
  });
  for (const socket of sockets) socket.disconnect();
}

for (const transport of transports) await story(transport);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
