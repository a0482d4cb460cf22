import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGET = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../target", import.meta.url));
const BINARY = join(TARGET, "debug", "hearback");
const STARTS_WITHIN_MS = 60_000;
const PASSWORD = "a long walk by the river";

/** A Hearback of our own: free port, data in a folder that goes with it. */
export class Server {
  #process = null;
  #log = "";
  #organizations = 0;

  static async start({ demo = false, flags = [] } = {}) {
    const server = new Server();
    server.data = await mkdtemp(join(tmpdir(), "hearback-browser-"));
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    server.flags = demo ? ["--demo", ...flags] : flags;
    // A run that is broken off leaves no server behind.
    process.once("exit", () => server.#process?.kill("SIGKILL"));
    await server.start();
    return server;
  }

  /** Starts, on the port and with the data of before. */
  async start() {
    const args = ["serve", "--listen", `127.0.0.1:${this.port}`, "--data-dir", this.data, ...this.flags];
    this.#process = spawn(BINARY, args, { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on("data", (text) => (this.#log += text));
    for (const end = Date.now() + STARTS_WITHIN_MS; ; await pause(50)) {
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.ok) return;
      if (this.#process.exitCode !== null || Date.now() > end) throw new Error(`the server does not start:\n${this.#log}`);
    }
  }

  /** Ends it the way an operator does; `SIGKILL` the way a power cut does. */
  async stop(signal = "SIGTERM") {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill(signal);
    await ended;
  }

  /** Stops it without ending it, as a machine that hangs does; its connections stay open. */
  freeze() {
    this.#process.kill("SIGSTOP");
  }

  thaw() {
    this.#process.kill("SIGCONT");
  }

  /** Ends it and takes its data away. */
  async remove() {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Everything that it has written to its streams. */
  get log() {
    return this.#log;
  }

  /** How to enter the example organization. */
  async guide() {
    return JSON.parse(await readFile(join(this.data, "demo.json"), "utf8"));
  }

  /** The address under which the first operator sets the installation up. */
  get setupAddress() {
    return this.#log.match(/http:\S+\/setup\/\S+/)?.[0];
  }

  /** A new organization with members `{name: role}`, all with one password. */
  async organization(members) {
    this.#organizations += 1;
    const slug = `firm-${this.#organizations}`;
    await this.#run(["org", "create", slug, "--name", `Firm ${this.#organizations}`]);
    const users = {};
    for (const [name, role] of Object.entries(members)) {
      const email = `${name.toLowerCase()}@${slug}.example`;
      await this.#run(["user", "create", email, "--name", name, "--org", slug, "--role", role, "--password-stdin"], PASSWORD);
      users[name] = { email, password: PASSWORD };
    }
    return { slug, users };
  }

  /** Does something to the database behind the server's back, as a fault would. */
  sql(statements) {
    const code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=10).executescript(sys.stdin.read())";
    return run("python3", ["-c", code, join(this.data, "hearback.db")], { input: statements });
  }

  #run(args, input = "") {
    return run(BINARY, [...args, "--data-dir", this.data], { env: this.#env, input });
  }

  get #env() {
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("HEARBACK_"));
    return { ...Object.fromEntries(kept), HEARBACK_RATE_LIMITS: "off" };
  }
}

function run(program, args, { env = process.env, input }) {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin.end(input);
  });
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
