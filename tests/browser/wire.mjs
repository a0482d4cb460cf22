// The network between a page and the server, to be cut where a story wants it.

/** A frame in words: which way it goes and what it carries. */
function name(direction, data, asked) {
  const [, type, ack, event] = /^4(\d)[^,]*?,?(\d*)\["?([a-z:_]+)?/.exec(data) ?? [];
  if (type === "2" && ack && direction === "out") asked.set(ack, event);
  const what = type === "3" ? `ack of ${asked.get(ack)}` : (event ?? "protocol");
  return `${direction} ${what}`;
}

/** Everything that a page says to the server and hears from it. */
export class Wire {
  /** Where it was cut, if it is. */
  cut = null;
  #upgraded = false;
  #lets = () => true;
  #blocksSockets = false;

  static async of(page, { websocket = true } = {}) {
    const wire = new Wire();
    wire.page = page;
    wire.#blocksSockets = !websocket;
    await page.routeWebSocket(/socket\.io/, (socket) => wire.#carry(socket));
    await page.route(/socket\.io/, (route) => (wire.cut ? route.abort() : route.continue()));
    return wire;
  }

  /** Whether it goes by WebSocket and no longer by long polling. */
  get isUpgraded() {
    return this.#upgraded;
  }

  /** Ends the connection in place of a frame, by name or by how many come before it, and later ones until it heals. */
  cutAt(step) {
    let left = step;
    this.#lets = (name) => {
      if (typeof step === "string" ? name !== step : left-- > 0) return true;
      this.cut = name;
      return "ends";
    };
  }

  /** Loses a frame and nothing else. */
  lose(frame) {
    let lost = false;
    this.#lets = (name) => lost || !(lost = name === frame);
  }

  /** Lets everything through again; the page learns it as from a telephone that has found its network. */
  async heal() {
    this.cut = null;
    this.#lets = () => true;
    await this.page.evaluate(() => window.dispatchEvent(new Event("online")));
  }

  #carry(socket) {
    if (this.cut || this.#blocksSockets) return socket.close();
    const server = socket.connectToServer();
    const asked = new Map();
    let ended = false;
    const pass = (direction, to) => (data) => {
      if (ended) return;
      if (data === "5") this.#upgraded = true;
      const lets = this.#lets(name(direction, data, asked));
      if (lets === true) return to.send(data);
      if (lets !== "ends") return;
      ended = true;
      this.#upgraded = false;
      server.close();
      socket.close();
    };
    socket.onMessage(pass("out", server));
    server.onMessage(pass("in", socket));
  }
}
