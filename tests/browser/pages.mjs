// Every page there is, as the example organization shows it: for the tests that look at all of them and for screenshots.
import { expect } from "@playwright/test";
import { enter, signIn } from "./office.mjs";

const first = async (page, selector) => new URL(await page.locator(selector).first().getAttribute("href"), page.url()).href;

const MINUTE = 60_000;
/**
 * What an operator has to see at once: alerts, one of them known, jobs that were set aside or wait, a second server. Of this
 * moment: a server that was not seen for long is gone, and its alerts with it.
 */
const troubles = (now = Date.now()) => `
INSERT OR IGNORE INTO nodes (name, node_id, version, project_id, token_id, started_at, seen_at) VALUES
  ('chat-2.north.example', randomblob(16), '0.1.0', randomblob(16), randomblob(16), ${now - 9000 * MINUTE}, ${now});
INSERT OR IGNORE INTO alerts (id, check_name, node, severity, sentence, remedy, fired_at, acknowledged_at, acknowledged_by) VALUES
  (randomblob(16), 'heartbeat:round_trip', 'chat-2.north.example', 'critical', 'A test message could not be written.',
    'Look at the log and at the disk of the database.', ${now - 3 * MINUTE}, NULL, NULL),
  (randomblob(16), 'disk:space', 'chat-2.north.example', 'warning', 'The disk with the database is filling up.',
    'Make room, or move the database to a larger disk.', ${now - 50 * MINUTE}, ${now - 40 * MINUTE}, 'Ines Duarte');
INSERT INTO jobs (id, kind, payload, state, tries, run_at, last_error, created_at, finished_at) VALUES
  (randomblob(16), 'mail', '{}', 'failed', 5, ${now - 10 * MINUTE}, 'the mail server answered 550 5.1.1 Recipient address rejected', ${now - 120 * MINUTE}, ${now - 10 * MINUTE}),
  (randomblob(16), 'webhook', '{}', 'waiting', 2, ${now + 60 * MINUTE}, 'the receiver of the webhook answered 502 Bad Gateway', ${now - 12 * MINUTE}, NULL);`;

/**
 * Who sees what: `{who: {open(context, server, guide), pages: {name: (page, home) => …}}}`. `open` comes in, each page's
 * function goes there from wherever the one before has left.
 */
export const PAGES = {
  everyone: {
    open: async () => {},
    pages: {
      "sign-in": (page, { url }) => page.goto(`${url}/sign-in`),
      "sign-in-refused": async (page, { url }) => {
        await page.goto(`${url}/sign-in`);
        await page.getByLabel("E-mail").fill("nobody@example.com");
        await page.getByLabel("Password").fill("not this one either");
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByRole("alert").waitFor();
      },
      "how-it-works": (page, { url }) => page.goto(`${url}/how-it-works`),
      "not-found": (page, { url }) => page.goto(`${url}/nothing-is-here`),
      "chat-entry": (page, { url, guide }) => page.goto(`${url}/c/${guide.links[0].secret}`),
      "chat-unknown-link": (page, { url }) => page.goto(`${url}/c/${"A".repeat(43)}`),
      "setup-used": (page, { url }) => page.goto(`${url}/setup/${"A".repeat(43)}`),
    },
  },
  candidate: {
    open: (page, { url, guide }) => enter(page, `${url}/c/${guide.links[0].secret}`),
    pages: {
      chat: async (page) => {
        await page.reload();
        await page.locator(".thread > li").first().waitFor();
      },
    },
  },
  recruiter: {
    open: (page, { url, guide }) => signIn(page, url, guide.recruiters[0]),
    pages: {
      dashboard: (page, { home }) => page.goto(home),
      "dashboard-all": (page, { home }) => page.goto(`${home}?view=all`),
      "dashboard-snoozed": (page, { home }) => page.goto(`${home}?view=snoozed`),
      "dashboard-empty": (page, { home }) => page.goto(`${home}?view=all&label=none-has-this`),
      conversation: async (page, { home }) => {
        await page.goto(home);
        await page.goto(await first(page, "#rows a"));
      },
      "conversation-claimed": async (page, { home }) => {
        await page.goto(home);
        await page.goto(await first(page, "#rows > [data-conversation]:has(:text('Priya')) a"));
      },
      keys: async (page, { home }) => {
        await page.goto(home);
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
      },
      projects: (page, { home }) => page.goto(`${home}/projects`),
      project: async (page, { home }) => {
        await page.goto(`${home}/projects`);
        await page.goto(await first(page, "tbody a"));
      },
      "project-announce": async (page) => {
        await page.getByLabel("Text", { exact: true }).fill("The office is closed on Friday.");
        await page.getByRole("button", { name: "See who gets it" }).click();
        await page.getByRole("button", { name: "Announce it" }).waitFor();
      },
      "project-import": async (page, { home }) => {
        await page.goto(`${home}/projects`);
        await page.goto(await first(page, "tbody a"));
        const buffer = Buffer.from("name,email\nNina Berg,nina@example.com\n,nobody@example.com\n");
        await page.getByLabel("CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer });
        await page.getByRole("button", { name: "Try it out" }).click();
        await expect(page.locator("main")).toContainText("Nina Berg");
      },
      "candidate-link": async (page, { home }) => {
        await page.goto(`${home}/projects`);
        await page.goto(await first(page, "tbody a"));
        await page.getByLabel("Name", { exact: true }).first().fill("Nina Berg");
        await page.getByRole("button", { name: "Add and show the link" }).click();
        await page.getByLabel("Chat link").waitFor();
      },
      candidate: async (page, { home }) => {
        await page.goto(`${home}?view=all`);
        await page.goto(await first(page, "#rows a"));
        await page.goto(await first(page, 'a[href*="/candidates/"]'));
      },
      "candidate-erase": async (page) => page.goto(await first(page, 'a[href$="/erase"]')),
      account: (page, { url }) => page.goto(`${url}/account`),
      search: (page, { home }) => page.goto(`${home}/search?q=shift`),
      "search-empty": (page, { home }) => page.goto(`${home}/search?q=zzyzx`),
    },
  },
  operator: {
    open: (page, { url, guide }) => signIn(page, url, guide.operator),
    pages: {
      settings: (page, { home }) => page.goto(`${home}/settings`),
      "settings-invited": async (page, { home }) => {
        await page.goto(`${home}/settings`);
        await page.locator("#invite-name").fill("Nora Lind");
        await page.locator("#invite-email").fill("nora.lind@north-works.example");
        await page.getByRole("button", { name: "Create invitation link" }).click();
        await page.locator("#shown-secret").waitFor();
      },
      "invitation-signed-in": async (page) => page.goto(await page.locator("#shown-secret").inputValue()),
      admin: (page, { url }) => page.goto(`${url}/admin`),
      "admin-troubled": async (page, { url, server }) => {
        await server.sql(troubles());
        await page.goto(`${url}/admin`);
        await page.locator(".alert--critical").waitFor();
      },
      "admin-open": async (page, { url }) => {
        await page.goto(`${url}/admin`);
        await page.locator("main details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
      },
      audit: (page, { url }) => page.goto(`${url}/admin/audit`),
      "audit-filtered": (page, { url }) => page.goto(`${url}/admin/audit?action=member.removed&actor=command_line`),
      "audit-refused": (page, { url }) => page.goto(`${url}/admin/audit?actor=nobody@example.com`),
    },
  },
};

/** A page of somebody's who has come in, and what the functions of `PAGES` need to find their way. */
export async function visit(context, server, who) {
  const guide = await server.guide();
  const way = { server, url: server.url, guide, home: `${server.url}/o/${guide.organization}` };
  const page = await context.newPage();
  await PAGES[who].open(page, way);
  return { page, way };
}
