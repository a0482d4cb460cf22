/** How much of a message must be in view: half of it, or half of the view where the message is longer. */
const SHARE = 0.5;
const AGAIN_MS = 2000;

/**
 * Marks messages as read once a person could read them: the page is visible, it has the focus or was touched since it
 * became visible, and the message was in view.
 */
export class Reading {
  #touched = false;
  #inView = new Set();
  #marked = 0;
  #listeners = new AbortController();
  #timer;

  constructor(thread, connection) {
    Object.assign(this, { thread, connection });
    // A request may fail, and the observer tells of thresholds alone.
    this.#timer = setInterval(() => this.#again(), AGAIN_MS);
    const root = thread.scroller === document.scrollingElement ? null : thread.scroller;
    const threshold = [0, 0.1, 0.2, 0.3, 0.4, SHARE, 0.6, 0.8, 1];
    this.observer = new IntersectionObserver((entries) => this.#saw(entries), { root, threshold });
    const { signal } = this.#listeners;
    for (const item of thread.list.children) this.#observe(item);
    for (const name of ["arrived", "replaced"]) {
      thread.list.addEventListener(name, ({ detail }) => this.#observe(detail), { signal });
    }
    document.addEventListener("visibilitychange", () => this.#visibility(), { signal });
    window.addEventListener("focus", () => this.look(), { signal });
    for (const name of ["pointerdown", "keydown", "wheel", "touchstart"]) {
      document.addEventListener(name, () => this.#touch(), { signal, passive: true, capture: true });
    }
  }

  end() {
    this.#listeners.abort();
    this.observer.disconnect();
    clearInterval(this.#timer);
  }

  /** Whether somebody is looking at the page. */
  get isAttended() {
    return document.visibilityState === "visible" && (document.hasFocus() || this.#touched);
  }

  /** Marks what is in view. */
  look() {
    if (!this.isAttended || !this.connection.online) return;
    const seq = Math.max(0, ...[...this.#inView].filter((item) => item.isConnected).map((item) => Number(item.dataset.seq)));
    if (seq <= this.#marked) return;
    const before = this.#marked;
    this.#marked = seq;
    const { conversation } = this.thread;
    this.connection.request("message:mark_read", { conversation, seq }).catch(() => (this.#marked = Math.min(this.#marked, before)));
  }

  #observe(item) {
    if (item.dataset.seq) this.observer.observe(item);
  }

  #saw(entries) {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const fills = rootBounds && intersectionRect.height >= rootBounds.height * SHARE;
      if (isIntersecting && (intersectionRatio >= SHARE || fills)) this.#inView.add(target);
      else this.#inView.delete(target);
    }
    this.look();
  }

  #again() {
    const last = [...this.thread.list.querySelectorAll(":scope > [data-seq]")].at(-1);
    if (!last || Number(last.dataset.seq) <= this.#marked) return;
    const { scroller } = this.thread;
    const isPage = scroller === document.scrollingElement;
    const view = isPage ? { top: 0, bottom: innerHeight, height: innerHeight } : scroller.getBoundingClientRect();
    const { top, bottom, height } = last.getBoundingClientRect();
    const shown = Math.min(bottom, view.bottom) - Math.max(top, view.top);
    if (shown > 0 && shown >= SHARE * Math.min(height, view.height)) this.#inView.add(last);
    this.look();
  }

  #visibility() {
    if (document.visibilityState !== "visible") this.#touched = false;
    this.look();
  }

  #touch() {
    if (this.#touched) return;
    this.#touched = true;
    this.look();
  }
}
