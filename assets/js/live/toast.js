const SHOWN_MS = 6000;
const UNDO_MS = 10_000;

// There from the beginning: a screen reader tells only what comes into a region that it knows.
const holder = document.createElement("div");
holder.className = "toasts";
holder.setAttribute("role", "status");
document.body.append(holder);

/** Says something at the foot of the page. With `undo` it offers that for ten seconds, by its button and by Ctrl+Z. */
export function toast(text, look = "ok", undo = null) {
  const item = document.createElement("div");
  item.className = `banner banner--${look}`;
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = text;
  item.append(words);
  if (undo) offer(item, undo);
  holder.append(item);
  vanish(item, undo ? UNDO_MS : SHOWN_MS);
}

function offer(item, undo) {
  // One at a time: Ctrl+Z takes back what was done last.
  holder.querySelector("[data-undo-button]")?.closest(".banner").remove();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.dataset.undoButton = "";
  button.title = "Ctrl+Z";
  button.textContent = "Undo";
  button.addEventListener("click", () => {
    item.remove();
    undo();
  });
  item.append(button);
}

// Not while somebody is about to use it.
function vanish(item, after) {
  setTimeout(() => {
    if (item.matches(":hover, :focus-within")) vanish(item, 2000);
    else item.remove();
  }, after);
}

document.addEventListener("input", ({ target }) => (target.dataset.typed = ""));
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  // In a field in which something was typed the keys undo typing.
  const field = event.target.closest("input, textarea, [contenteditable]");
  if (field?.value || field?.dataset.typed !== undefined) return;
  const button = holder.querySelector("[data-undo-button]");
  if (!button) return;
  event.preventDefault();
  button.click();
});
