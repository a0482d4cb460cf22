import { isComposing } from "../page/typing.js";
import { showModal } from "../page/caret.js";

/** Under which name the browser keeps whether single keys are on: each person has a switch of their own. */
let switchName;

/** The keys of the dashboard. Single letters can be switched off (WCAG 2.1.4); the list of keys says how. */
export function listenToKeys({ list, pane, me }) {
  switchName = `single-keys:${me}`;
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
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return;
    if (event.key === "Escape") return escape();
    if (event.target.closest("input, textarea, select, [contenteditable], dialog") || !singleKeys()) return;
    if (event.getModifierState("AltGraph")) return;
    const key = keyOf(event);
    // A key that is held down acts once; moving in the list goes on.
    if (event.repeat && !["j", "k"].includes(key)) return;
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

/**
 * What a key stands for. Letters count by Shift alone, whatever Caps Lock says. A layout without Latin letters is read by
 * the key's place on the keyboard.
 */
function keyOf({ key, code, shiftKey }) {
  const letter = /^[a-z]$/i.test(key) ? key : isForeign(key) && /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
  if (isForeign(key) && code === "Slash") return shiftKey ? "?" : "/";
  return key;
}

const isForeign = (key) => [...key].length === 1 && /[^\p{Script=Latin}\x00-\x7f]/u.test(key);

function toggle(summary) {
  const menu = summary.parentElement;
  menu.open = !menu.open;
  if (menu.open) menu.querySelector(".menu__panel :is(button, select, input:not([type=hidden]), a)")?.focus();
}

function singleKeys() {
  return localStorage.getItem(switchName) !== "off";
}

function showKeys() {
  const dialog = document.querySelector("#keys");
  if (!dialog || dialog.open) return;
  const box = dialog.querySelector("[data-single-keys]");
  box.checked = singleKeys();
  box.onchange = () => localStorage.setItem(switchName, box.checked ? "on" : "off");
  showModal(dialog);
}
