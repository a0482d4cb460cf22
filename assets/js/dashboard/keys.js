const SWITCH = "single-keys";

/** The keys of the dashboard. Single letters can be switched off (WCAG 2.1.4); the list of keys says how. */
export function listenToKeys({ list, pane }) {
  const press = (key) => document.querySelector(`[data-press="${key}"]`);
  const act = {
    j: () => list.move(1),
    k: () => list.move(-1),
    n: () => pane.composer?.mode("note"),
    r: () => pane.composer?.mode("reply"),
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": showKeys,
  };
  const pressed = ["N", "a", "i", "e", "z"];

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return escape();
    if (event.target.closest("input, textarea, select, [contenteditable], dialog") || !singleKeys()) return;
    // Capitals as typed with Caps Lock are the small letters; Shift+N is a key of its own.
    const key = event.shiftKey ? event.key : event.key.toLowerCase();
    const control = pressed.includes(key) && press(key);
    if (act[key]) act[key]();
    else if (control?.tagName === "SUMMARY") toggle(control);
    else if (control) control.click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-show-keys]") && showKeys());

  function escape() {
    if (document.activeElement !== document.body) document.activeElement.blur();
    else list.current?.querySelector("a").focus();
  }
}

function toggle(summary) {
  const menu = summary.parentElement;
  menu.open = !menu.open;
  if (menu.open) menu.querySelector(".menu__panel :is(button, select, input:not([type=hidden]), a)")?.focus();
}

function singleKeys() {
  return localStorage.getItem(SWITCH) !== "off";
}

function showKeys() {
  const dialog = document.querySelector("#keys");
  if (!dialog || dialog.open) return;
  const box = dialog.querySelector("[data-single-keys]");
  box.checked = singleKeys();
  box.onchange = () => localStorage.setItem(SWITCH, box.checked ? "on" : "off");
  dialog.showModal();
}
