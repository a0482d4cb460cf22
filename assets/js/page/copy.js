/** `<button data-copy="#field">` copies the field's value and says so. */
export function enableCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.querySelector(button.dataset.copy);
    if (!field) return;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(field.value ?? field.textContent);
      button.textContent = "Copied";
    } catch {
      // Without the clipboard (plain http) the text is at least selected for the person's own copy.
      field.focus();
      field.select?.();
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = before), 2000);
  });
}
