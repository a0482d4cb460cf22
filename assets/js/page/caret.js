/**
 * Remembers where one is writing; the function that it gives puts focus, caret and selection back there. After a dialog
 * was closed by mouse, Chromium gives the focus back without the caret, and what is typed next is lost.
 */
export function rememberCaret() {
  const element = document.activeElement;
  if (!element || element === document.body) return () => {};
  const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = element;
  return () => {
    if (!element.isConnected || document.querySelector("dialog[open]")) return;
    element.blur();
    element.focus({ preventScroll: true });
    if (typeof start === "number") element.setSelectionRange(start, end, direction);
  };
}

/** Opens a dialog that gives the caret back when it closes. */
export function showModal(dialog) {
  const restore = rememberCaret();
  dialog.addEventListener("close", restore, { once: true });
  dialog.showModal();
}
