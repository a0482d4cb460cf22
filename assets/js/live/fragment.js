import { silence } from "./silence.js";
import { toast } from "./toast.js";

/** A part of a page, rendered by the server as for the whole page. `null` when it cannot be had at the moment. */
export async function fragment(address, name) {
  try {
    const answer = await silence.watch(fetch(address, { headers: { "X-Fragment": name }, cache: "no-store" }));
    if (!answer.ok || answer.redirected) return null;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return holder.content;
  } catch {
    return null;
  }
}

/** Sends a form as it stands; resolves to the address it led to, or `null` after saying why it failed. */
export async function send(form, submitter) {
  return (await post(form, submitter)).address;
}

/** Sends fields to an address; resolves to the address it led to, or `null` after saying why it failed. */
export async function sendTo(action, data) {
  return (await request(action, data)).address;
}

/** As `send`; resolves to that address and the HTML from there, both `null` after saying why it failed. */
export async function post(form, submitter) {
  const data = new URLSearchParams(new FormData(form, submitter));
  return request(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action, data);
}

async function request(action, data) {
  let answer;
  let html;
  try {
    answer = await silence.watch(fetch(action, { method: "POST", body: data, headers: { Accept: "text/html" } }));
    html = await answer.text();
  } catch {
    toast("This could not be sent: there is no connection. Try again in a moment.", "error");
    return { address: null, html: null };
  }
  if (answer.ok) return { address: answer.url, html };
  const page = new DOMParser().parseFromString(html, "text/html");
  toast(page.querySelector("[data-problem], [role=alert]")?.textContent.trim() || "This did not work. Load the page again.", "error");
  return { address: null, html: null };
}
