import { now as serverNow } from "./clock.js";

const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "full", timeStyle: "short" });
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const PAST = ".message, .note, .announcement, .row__when";
const STEPS = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86400],
  ["week", 604800],
];

/** "5 minutes ago", "in 2 hours"; a date once it is more than four weeks away. */
export function relative(date, now) {
  const seconds = (date.getTime() - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) return words.format(0, "second");
  if (distance > 28 * 86400) return date.toLocaleDateString(document.documentElement.lang || "en");
  const [unit, length] = STEPS.findLast(([, size]) => distance >= size * 0.9) ?? STEPS[0];
  return words.format(Math.trunc(seconds / length) || Math.sign(seconds), unit);
}

/** "5 min", "2 h 10 min", "3 d": how long something waits. */
export function span(milliseconds) {
  const minutes = Math.max(0, Math.floor(milliseconds / 60000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}

/** "today, 15:00", "tomorrow, 9:00", "Monday, 9:00", "1 Dec, 9:00": a moment to come, as one would say it. */
export function until(date, now = Date.now()) {
  const lang = document.documentElement.lang || "en";
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.round((new Date(date).setHours(0, 0, 0, 0) - midnight) / 86_400_000);
  const clock = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  if (days === 0 || days === 1) return `${words.format(days, "day")}, ${clock}`;
  if (days > 1 && days < 7) return `${date.toLocaleDateString(lang, { weekday: "long" })}, ${clock}`;
  return `${date.toLocaleDateString(lang, { day: "numeric", month: "short" })}, ${clock}`;
}

function due(date, now) {
  return date > now ? `due in ${span(date - now)}` : `overdue by ${span(now - date)}`;
}

function show(element) {
  const date = new Date(element.dateTime);
  if (Number.isNaN(date.getTime())) return;
  // What has happened is never ahead of us, however late the page learns the server's time.
  const now = element.closest(PAST) ? Math.max(serverNow(), date) : serverNow();
  const mode = element.dataset.relative;
  let text = relative(date, now);
  if (mode === "span") text = span(now - date);
  if (mode === "waits") text = `waits ${span(now - date)}`;
  if (mode === "due") text = due(date, now);
  if (mode === "until") text = until(date, now);
  if (mode === "clock") text = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (element.textContent !== text) element.textContent = text;
  if (mode === "due") (element.closest(".badge") ?? element).classList.toggle("badge--overdue", date <= now);
  element.title ||= exact.format(date);
}

export function refreshTimes(root = document) {
  for (const field of root.querySelectorAll("[data-zone]")) field.value = ZONE;
  for (const element of root.querySelectorAll("[data-zone-unknown]")) element.hidden = true;
  for (const element of root.querySelectorAll("time[data-relative]")) show(element);
  for (const button of root.querySelectorAll("[data-next]")) {
    button.title = `${button.dataset.next}, ${due(new Date(button.dataset.nextDue), Date.now())} (Shift+N)`;
  }
}

/** Keeps every `<time data-relative>` of the page true. */
export function keepTimesRelative() {
  refreshTimes();
  setInterval(() => document.visibilityState === "visible" && refreshTimes(), 20_000);
  document.addEventListener("visibilitychange", () => refreshTimes());
}
