const TYPING_ENDS_MS = 7000;

/** Who looks at the open conversation, who types, whether the candidate is here. */
export class People {
  #viewers = new Map();
  #typing = new Map();
  #listeners = new AbortController();
  candidateHere = false;

  constructor(connection, conversation, me) {
    Object.assign(this, { conversation, me });
    const listen = (name, act) =>
      connection.addEventListener(name, ({ detail }) => detail.conversation === conversation && act(detail), {
        signal: this.#listeners.signal,
      });
    listen("presence:changed", ({ actor, state }) => {
      if (actor.kind === "candidate") this.candidateHere = state !== "offline";
      else if (state === "viewing") this.#viewers.set(actor.id, actor.name);
      else this.#viewers.delete(actor.id);
      this.show();
    });
    listen("typing:changed", ({ actor, typing }) => {
      const key = actor.id ?? actor.kind;
      clearTimeout(this.#typing.get(key)?.timer);
      this.#typing.delete(key);
      if (typing) this.#typing.set(key, { name: actor.name, timer: setTimeout(() => this.stoppedTyping(key), TYPING_ENDS_MS) });
      this.show();
    });
  }

  end() {
    this.#listeners.abort();
    for (const { timer } of this.#typing.values()) clearTimeout(timer);
  }

  are(viewers, candidateHere) {
    this.#viewers = new Map(viewers.map(({ id, name }) => [id, name]));
    this.candidateHere = candidateHere;
    this.show();
  }

  stoppedTyping(id) {
    for (const key of [id, "candidate"]) {
      clearTimeout(this.#typing.get(key)?.timer);
      this.#typing.delete(key);
    }
    this.show();
  }

  show() {
    const others = [...this.#viewers].filter(([id]) => id !== this.me).map(([, name]) => name);
    say("[data-viewers]", others.length ? `Also here: ${others.join(", ")}` : "");
    const types = [...this.#typing.values()].map(({ name }) => name);
    say("[data-typing]", types.length ? `${types.join(" and ")} ${types.length > 1 ? "are" : "is"} typing` : "");
    say("[data-candidate-here]", this.candidateHere ? "Candidate is online" : "");
  }
}

function say(selector, text) {
  const element = document.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}
