// One table: where a conversation stands, and what header, list, composer, numbers, checks and alerts then say. No two of
// them contradict each other.
import { test as base } from "@playwright/test";
import { expect, Office, said, signIn, write } from "./office.mjs";
import { Server } from "./server.mjs";

const test = base.extend({
  office: async ({ browser }, use) => {
    const server = await Server.start({ flags: ["--check-seconds", "1", "--backup-hours", "0", "--lease-seconds", "900"] });
    const office = new Office(server, browser, await server.organization({ Ada: "owner", Bo: "recruiter" }));
    await use(office);
    await office.close();
    await server.remove();
  },
});

/** Sends a form of the dashboard, as the page would. */
async function send(page, address, fields) {
  const csrf = await page.locator("input[name=csrf]").first().inputValue();
  const headers = { Origin: new URL(page.url()).origin };
  const answer = await page.request.post(address, { form: { csrf, ...fields }, headers });
  expect(answer.ok(), `${address}: ${answer.status()}`).toBe(true);
}

const snooze = { snooze: "custom", snooze_at: "2030-03-01T09:00", zone: "UTC" };

// `asks` is what the candidate does, `acts` what the team does: [who, path below the conversation, fields].
// `head` are the badges of the header, `row` those of the list; `can` are the header's actions; `waits` whether it is counted.
const TABLE = {
  "Una Waits": { writes: 1, head: ["waits #", "due in #"], row: ["1 unanswered", "waits #", "due in #"], can: ["No reply needed", "Snooze", "Claim"], waits: true },
  "Una Two": { writes: 2, head: ["waits #", "due in #"], row: ["2 unanswered", "waits #", "due in #"], can: ["No reply needed", "Snooze", "Claim"], waits: true },
  "Una Late": { writes: 1, late: true, head: ["waits #", "overdue by #"], row: ["1 unanswered", "waits #", "overdue by #"], can: ["No reply needed", "Snooze", "Claim"], waits: true },
  "Una Mine": { writes: 1, acts: [["Ada", "claim", {}]], head: ["You hold this, #", "due in #"], row: ["1 unanswered", "waits #", "due in #", "Ada"], can: ["No reply needed", "Snooze", "Give back"], waits: true },
  "Una Other": { writes: 1, acts: [["Bo", "claim", {}]], head: ["Bo holds this, #", "due in #"], row: ["1 unanswered", "waits #", "due in #", "Bo"], can: ["No reply needed", "Snooze", "Take over"], waits: true },
  "Una Snoozed": { writes: 1, acts: [["Ada", "update", snooze]], head: ["Snoozed until Mar 1, # · 1 unanswered"], row: ["Snoozed until Mar 1, # · 1 unanswered"], can: ["Snooze", "Wake now"] },
  "Ann Snoozed": { writes: 1, acts: [["Ada", "messages", "reply"], ["Ada", "update", { snooze: "reply" }]], head: ["Snoozed until they reply"], row: ["Snoozed until they reply"], can: ["Snooze", "Wake now"] },
  "Ann Answered": { writes: 1, acts: [["Ada", "messages", "reply"]], head: ["Answered"], row: [], can: ["Snooze"] },
  "Ann Done": { writes: 1, acts: [["Ada", "resolve", { seen_seq: "1" }]], head: ["No reply needed"], row: [], can: ["Snooze"] },
  "Ann Closed": { writes: 1, acts: [["Ada", "update", { status: "closed" }]], head: ["Closed"], row: ["Closed"], can: ["Snooze"] },
  "Qui Quiet": { writes: 0, head: [], row: [], can: ["Snooze"] },
  "Qui Revoked": { writes: 0, acts: [["Ada", "link", { act: "revoke" }]], head: [], row: [], can: ["Snooze"] },
  "Qui Asks": { writes: 0, acts: [["Ada", "link", { act: "revoke" }]], asks: true, head: ["waits #", "due in #", "Asks for a new link"], row: ["Asks for a new link", "waits #", "due in #"], can: ["No reply needed", "Snooze", "Claim"], waits: true },
  "Una Asks": { writes: 1, acts: [["Ada", "link", { act: "revoke" }]], asks: true, head: ["waits #", "due in #", "Asks for a new link"], row: ["1 unanswered", "Asks for a new link", "waits #", "due in #"], can: ["No reply needed", "Snooze", "Claim"], waits: true },
  "Una Gone": { closed: true, writes: 1, head: ["Project closed · 1 unanswered"], row: ["Project closed · 1 unanswered"], can: ["Reopen project"] },
  "Una Gone Held": { closed: true, writes: 1, acts: [["Bo", "claim", {}]], head: ["Project closed · 1 unanswered"], row: ["Project closed · 1 unanswered"], can: ["Reopen project"] },
  "Una Gone Late": { closed: true, writes: 1, late: true, head: ["Project closed · 1 unanswered"], row: ["Project closed · 1 unanswered"], can: ["Reopen project"] },
  "Una Gone Snoozed": { closed: true, writes: 1, acts: [["Ada", "update", snooze]], head: ["Project closed · 1 unanswered"], row: ["Project closed · 1 unanswered"], can: ["Reopen project"] },
  "Ann Gone": { closed: true, writes: 1, acts: [["Ada", "messages", "reply"]], head: ["Project closed"], row: ["Project closed"], can: ["Reopen project"] },
};

const ACTIONS = ["No reply needed", "Snooze", "Claim", "Give back", "Take over", "Wake now", "Reopen project"];
const plain = (text) => text.replace(/\s+/g, " ").trim().replace(/\b\d+ (min|h|d)( \d+ (min|h))?\b/, "#").replace(/\d+:\d\d( [AP]M)?|for now/, "#");
const badges = async (holder) => (await holder.locator(".badge").allTextContents()).map(plain);

/** The conversations of the list, each name with its address. */
const listed = (page) =>
  page.locator("#rows > [data-conversation] > a").evaluateAll((links) =>
    Object.fromEntries(links.map((link) => [link.querySelector(".row__name bdi").textContent, link.href.replace(/\?.*/, "")])),
  );

const item = (page, name) => page.locator("#rows > li").filter({ has: page.locator(".row__name bdi", { hasText: new RegExp(`^${name}$`) }) });

/** Brings every conversation of the table to where it stands. */
async function arrange(office) {
  const wanted = (closed) => Object.keys(TABLE).filter((name) => Boolean(TABLE[name].closed) === closed);
  const [open, closed] = [await office.project("Open", ...wanted(false)), await office.project("Shut", ...wanted(true))];
  const links = { ...open.links, ...closed.links };
  const pages = { Ada: await office.recruiter("Ada"), Bo: await office.recruiter("Bo") };
  await pages.Ada.goto(`${office.home}?view=all`);
  const addresses = await listed(pages.Ada);
  expect(Object.keys(addresses).sort()).toEqual(Object.keys(TABLE).sort());
  for (const [name, { writes, acts = [], asks }] of Object.entries(TABLE)) {
    const chat = writes ? await office.candidate(links[name]) : null;
    for (let at = 1; at <= writes; at += 1) {
      await write(chat, `question ${at}`);
      await expect(said(chat, `question ${at}`)).toHaveCount(1);
    }
    await chat?.context().close();
    for (const [who, path, fields] of acts) {
      const reply = { body: "Here is your answer", client_id: crypto.randomUUID(), seen_seq: "1" };
      await send(pages[who], `${addresses[name]}/${path}`, fields === "reply" ? reply : fields);
    }
    if (asks) {
      const stranger = await (await office.context()).newPage();
      await stranger.goto(links[name]);
      await stranger.getByRole("button", { name: "Ask for a new link" }).click();
      await expect(stranger.getByText("We have told the hiring team")).toBeVisible();
    }
  }
  const late = Object.entries(TABLE).filter(([, { late }]) => late).map(([name]) => `'${name}'`);
  await office.server.sql(`UPDATE queue_entries SET enqueued_at = enqueued_at - 18000000, due_at = due_at - 18000000 WHERE conversation_id IN
    (SELECT c.id FROM conversations c JOIN candidates k ON k.id = c.candidate_id WHERE k.name IN (${late}));`);
  await send(pages.Ada, closed.address, { act: "close" });
  return { ...pages, addresses, closed: closed.address };
}

test("header, list, composer and numbers say the same of every state", async ({ office }) => {
  const { Ada: ada, addresses, closed } = await arrange(office);
  const waiting = Object.entries(TABLE).filter(([, { waits }]) => waits);

  // The list: those that wait and no others, in one number.
  await ada.goto(office.home);
  await expect(ada.locator("#rows [data-conversation]")).toHaveCount(waiting.length);
  expect(Object.keys(await listed(ada)).sort()).toEqual(waiting.map(([name]) => name).sort());
  await expect(ada.locator("#list-head h2")).toHaveText(`Waiting ${waiting.length}`);
  await expect(ada.locator("#list-head p[role=status]")).toHaveText(`${waiting.length - 2} waiting · 2 being answered · 1 overdue`);
  await expect(ada.locator("[data-press=N]")).toHaveAttribute("title", /^Una Late, overdue by .*\(Shift\+N\)$/);
  await ada.goto(`${office.home}?view=snoozed`);
  await expect(item(ada, "Una Snoozed")).toContainText("Snoozed until Mar 1");
  await ada.goto(`${office.home}?view=all`);
  for (const [name, { row: shown, writes, acts }] of Object.entries(TABLE)) {
    expect.soft(await badges(item(ada, name)), `${name}, list`).toEqual(shown);
    const answered = acts?.some(([, path]) => path === "messages");
    const preview = answered ? "You: Here is your answer" : TABLE[name].asks && !writes ? "Asks for a new link" : writes ? "question 1" : null;
    if (preview) await expect.soft(item(ada, name).locator(".row__preview"), `${name}, preview`).toHaveText(preview);
  }

  for (const [name, { head, can, closed }] of Object.entries(TABLE)) {
    await ada.goto(addresses[name]);
    await expect.soft(ada.locator("#head h1"), name).toHaveText(name);
    await expect.poll(() => badges(ada.locator("#head")), { message: `${name}, header` }).toEqual(head);
    for (const action of ACTIONS) {
      const control = ada.locator("#head").locator("button:visible, summary:visible").filter({ hasText: new RegExp(`^\\s*${action}\\s*$`) });
      expect.soft(await control.count(), `${name}, ${action}`).toBe(can.includes(action) ? 1 : 0);
    }
    await expect.soft(ada.locator("form.composer"), `${name}, composer`).toHaveCount(closed ? 0 : 1);
    await expect.soft(ada.locator("#closed"), `${name}, banner`).toHaveText(closed ? "This project is closed: nobody can write here until it is reopened." : "");
    // Green is for what is done.
    const green = head.some((words) => ["Answered", "No reply needed"].includes(words));
    expect.soft(await ada.locator("#head .badge--handled").count(), `${name}, green`).toBe(green ? 1 : 0);
  }

  // Reopening brings back what was paused, live, with the composer.
  await ada.goto(addresses["Una Gone"]);
  await ada.getByRole("button", { name: "Reopen project" }).click();
  await expect(ada.locator("#head")).toContainText("waits");
  await expect(ada.locator("form.composer")).toHaveCount(1);
  await expect(ada.locator("#closed")).toHaveText("");
  await ada.goto(office.home);
  await expect(ada.locator("#rows [data-conversation]")).toHaveCount(waiting.length + 3);
  // And closing takes it away again from who has it open.
  await ada.goto(addresses["Una Gone"]);
  const bo = await office.recruiter("Bo");
  await send(bo, closed, { act: "close" });
  await expect(ada.locator("#head")).toContainText("Project closed · 1 unanswered");
  await expect(ada.locator("form.composer")).toHaveCount(0);
});

test("the operator's page counts as the lists do, and an alert says the same as its check", async ({ office }) => {
  const { Ada: ada, closed } = await arrange(office);
  await ada.goto("about:blank");
  const { email } = office.users.Ada;
  await office.server.sql(`UPDATE users SET operator = 1 WHERE email = '${email}';`);
  const ines = await (await office.context()).newPage();
  await signIn(ines, office.server.url, office.users.Ada);
  await ines.goto(`${office.server.url}/admin`);
  const waiting = Object.values(TABLE).filter(({ waits }) => waits).length;
  const figure = (name) => ines.locator(".figure", { has: ines.getByText(name, { exact: true }) }).locator("dd");
  await expect(figure("Waiting")).toHaveText(String(waiting - 2));
  await expect(figure("Claimed")).toHaveText("2");
  const check = ines.locator("#check-list li", { hasText: "Waiting too long" });
  const alert = ines.locator("#alert-list li", { hasText: "Waiting too long" });
  // What is overdue in a closed project is nobody's fault.
  await expect(check).toContainText("One candidate is overdue by");
  await expect(alert).toContainText("One candidate is overdue by 1 h");
  // An hour later both say so.
  await office.server.sql(`UPDATE queue_entries SET due_at = due_at - 7200000 WHERE state = 'waiting' AND due_at < ${Date.now()};`);
  await expect(check).toContainText("One candidate is overdue by 3 h");
  await expect(alert).toContainText("One candidate is overdue by 3 h");
  await ada.goto(office.home);
  await send(ada, closed, { act: "reopen" });
  await expect(check).toContainText("2 candidates are overdue");
  await expect(alert).toContainText("2 candidates are overdue");
});
