const PATIENCE_MS = 2000;

/**
 * Whether the server answers. It counts as silent when a request has waited for two seconds and nothing else came from the
 * server meanwhile, and until something comes. Dispatches `changed`.
 */
class Silence extends EventTarget {
  isSilent = false;
  #heardAt = performance.now();

  /** Watches a request; gives it back. */
  watch(request) {
    const started = performance.now();
    let timer;
    const look = () => {
      const quiet = performance.now() - Math.max(started, this.#heardAt);
      if (quiet >= PATIENCE_MS) this.#become(true);
      else timer = setTimeout(look, PATIENCE_MS - quiet);
    };
    timer = setTimeout(look, PATIENCE_MS);
    const end = () => clearTimeout(timer);
    request.then(() => this.heard(), () => null).finally(end);
    return request;
  }

  /** Something came from the server. */
  heard() {
    this.#heardAt = performance.now();
    this.#become(false);
  }

  #become(silent) {
    if (this.isSilent === silent) return;
    this.isSilent = silent;
    this.dispatchEvent(new Event("changed"));
  }
}

/** The one of this page. */
export const silence = new Silence();
