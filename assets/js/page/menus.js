import { isComposing } from "./typing.js";

const MARGIN = 8;
const SHEET = matchMedia("(max-width: 700px)");

/** An open `<details class="menu">` closes by a click elsewhere, by Escape, and when another opens. It lies within the window. */
export function enableMenus() {
  document.addEventListener("click", (event) => {
    const cancels = event.target.closest("[data-menu-cancel]");
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      // What is behind a sheet belongs to the menu itself.
      if (cancels || event.target === menu || !menu.contains(event.target)) close(menu, Boolean(cancels));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    close(menu, true);
    event.stopImmediatePropagation();
  });
  document.addEventListener("toggle", ({ target }) => target.matches("details.menu[open]") && place(target), true);
  addEventListener("resize", () => document.querySelectorAll("details.menu[open]").forEach(place));
}

function close(menu, focus) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

function place(menu) {
  const panel = menu.querySelector(".menu__panel");
  if (!panel) return;
  panel.style.translate = "";
  panel.style.maxHeight = "";
  panel.style.overflowY = "";
  if (SHEET.matches) return addCancel(panel);
  const { left, right, top, bottom } = panel.getBoundingClientRect();
  const shift = Math.max(MARGIN - left, Math.min(0, innerWidth - MARGIN - right));
  if (shift) panel.style.translate = `${shift}px 0`;
  if (bottom > innerHeight - MARGIN) {
    panel.style.maxHeight = `${innerHeight - MARGIN - top}px`;
    panel.style.overflowY = "auto";
  }
}

function addCancel(panel) {
  if (panel.querySelector("[data-menu-cancel]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "menu__item menu__cancel";
  button.dataset.menuCancel = "";
  button.textContent = "Cancel";
  panel.append(button);
}
