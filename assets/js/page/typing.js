/**
 * Whether a key belongs to an input method that is composing a character. Safari ends the composition before it reports the
 * key, and marks it by the key code alone.
 */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** The most characters of a message, a note or an announcement: Unicode scalar values, as the server counts. */
const MOST = 10_000;

/** By how many characters a text is too long; 0 when it fits. */
export function excess(text) {
  const trimmed = text.trim().replaceAll("\r\n", "\n");
  return trimmed.length <= MOST ? 0 : Math.max(0, [...trimmed].length - MOST);
}

/** Says under a field by how much its text is too long; resolves to whether it fits. */
export function showExcess(field, line) {
  const over = excess(field.value);
  const text = over ? `Too long by ${over.toLocaleString("en")} characters. Shorten it, or send it in parts.` : "";
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !over;
  if (over) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return !over;
}
