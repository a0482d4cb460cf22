/**
 * One run at a time; all calls during a run share one run after it. An older answer so never replaces a newer one, and
 * who awaits a call sees at least what was so when they called.
 */
export function oneAtATime(run) {
  let running = null;
  let next = null;
  return function again() {
    if (!running) return (running = run().finally(() => (running = null)));
    next ??= running.then(() => {
      next = null;
      return again();
    });
    return next;
  };
}
