/** Says something for six seconds, at the foot of the page. */
export function toast(text, look = "ok") {
  let holder = document.querySelector(".toasts");
  if (!holder) {
    holder = document.createElement("div");
    holder.className = "toasts";
    holder.setAttribute("role", "status");
    document.body.append(holder);
  }
  const item = document.createElement("div");
  item.className = `banner banner--${look}`;
  item.textContent = text;
  holder.append(item);
  setTimeout(() => item.remove(), 6000);
}
