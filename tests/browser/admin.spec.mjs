// The operators' page: what happens appears on it by itself, and takes nothing out of anybody's hands.
import { expect, test as base } from "@playwright/test";
import { barriers } from "./axe.mjs";
import { signIn } from "./office.mjs";
import { Server } from "./server.mjs";

/** No heartbeat can be marked as handled any more. */
const BREAK = `CREATE TRIGGER broken BEFORE UPDATE ON queue_entries WHEN new.state = 'ended'
  BEGIN SELECT RAISE(ABORT, 'on purpose'); END;`;
const MEND = "DROP TRIGGER IF EXISTS broken;";
/** No other alert opens: on a machine that is busy with tests, commits may really be slow. */
const NO_OTHERS = `CREATE TRIGGER no_others BEFORE INSERT ON alerts
  WHEN new.sentence NOT LIKE '%could not be marked as handled%' BEGIN SELECT RAISE(IGNORE); END;`;
const WATCHFUL = ["--heartbeat-seconds", "1", "--check-seconds", "1", "--backup-hours", "0"];
const PASSWORD = "four words of my own";

const test = base.extend({
  // With an organization whose queue is empty, so nothing needs anybody.
  house: [
    async ({ browser }, use) => {
      const server = await Server.start({ flags: WATCHFUL });
      await server.sql(NO_OTHERS);
      await expect.poll(() => server.setupAddress).toBeTruthy();
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(server.setupAddress);
      await page.getByLabel("Your name").fill("Olga Lind");
      await page.getByLabel("E-mail").fill("olga@firm.example");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.locator("main form button").click();
      await page.waitForURL(/\/sign-in/);
      await signIn(page, server.url, { email: "olga@firm.example", password: PASSWORD });
      await page.close();
      await server.organization({ Ada: "owner" });
      await use({ server, storageState: await context.storageState() });
      await context.close();
      await server.remove();
    },
    { scope: "worker" },
  ],
  operator: async ({ house, browser }, use) => {
    const contexts = [];
    const faults = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ storageState: house.storageState, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on("pageerror", (fault) => faults.push(fault.message));
      page.on("console", (line) => ["error", "warning"].includes(line.type()) && faults.push(line.text()));
      await page.goto(`${house.server.url}/admin`);
      return page;
    });
    await house.server.sql(MEND);
    await Promise.all(contexts.map((context) => context.close()));
    expect(faults, "errors and what the policy refused").toEqual([]);
  },
});

const beats = (page) => page.locator("#strips .bar").count();
const alert = (page) => page.locator("#alert-list .alert", { hasText: "could not be marked as handled" });
const said = (page) => page.locator("[data-said]");

/** From here on a page that was loaded anew would have forgotten this. */
const mark = (page) => page.evaluate(() => (window.marked = true));
const isMarked = (page) => page.evaluate(() => window.marked === true);

/** Waits until two more heartbeats are on the page, so it was drawn anew at least once. */
async function refreshed(page) {
  const latest = () => page.locator("#strips .bar title").allTextContents().then((all) => all.join());
  for (let turn = 0; turn < 2; turn += 1) {
    const before = await latest();
    await expect.poll(latest).not.toBe(before);
  }
}

test("heartbeats appear without loading the page anew", async ({ operator }) => {
  const page = await operator();
  await mark(page);
  await expect(page.locator("[data-state]")).toHaveText("Live");
  const before = await beats(page);
  await expect.poll(() => beats(page)).toBeGreaterThan(before + 2);
  await expect(page.locator("#namespaces")).toContainText("1 operator");
  expect(await isMarked(page)).toBe(true);
});

test("an alert appears, is acknowledged by keys and clears, all without loading the page anew", async ({ operator, house }) => {
  const [page, other] = [await operator(), await operator()];
  for (const each of [page, other]) await mark(each);
  await expect(page.locator("#state")).toHaveText("All is well");
  await expect(said(page)).toHaveText("");
  await house.server.sql(BREAK);
  await expect(alert(page)).toHaveCount(1);
  await expect(said(page)).toHaveText("1 alert");
  await expect(page).toHaveTitle(/^1 alert · /);
  await expect(alert(page).locator(".badge")).toHaveText("Critical");

  const know = alert(page).getByRole("button", { name: /^I know/ });
  await know.focus();
  await refreshed(page);
  await expect(know).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(alert(page)).toContainText("Olga Lind knows");
  await expect(know).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Alerts" })).toBeFocused();
  await expect(alert(other)).toContainText("Olga Lind knows");
  await expect(said(other)).toHaveText("1 alert, known");

  await house.server.sql(MEND);
  for (const each of [page, other]) {
    await expect(alert(each)).toHaveCount(0);
    await expect(said(each)).toHaveText("All is well");
    expect(await isMarked(each)).toBe(true);
  }
  await expect(page.locator("#alerts-past")).toContainText("What is over");
});

test("what is open or half typed stays so while the page is kept true", async ({ operator }) => {
  const page = await operator();
  await mark(page);
  const organization = page.locator("#organization-list > ul > li", { hasText: "Firm 1" });
  await organization.locator("summary").click();
  await organization.getByRole("textbox").pressSequentially("firm");
  const card = page.locator("#strips > div", { hasText: "Low priority" });
  await card.locator("summary").click();
  await page.getByText("Create a user").click();
  await page.locator("#user-name").fill("Owen Re");
  await organization.getByRole("textbox").focus();
  await refreshed(page);
  await expect(organization.getByRole("textbox")).toBeFocused();
  await expect(organization.getByRole("textbox")).toHaveValue("firm");
  await page.keyboard.type("-1");
  await refreshed(page);
  await expect(organization.getByRole("textbox")).toHaveValue("firm-1");
  await expect(page.locator("#user-name")).toHaveValue("Owen Re");
  await expect(card.locator("table")).toBeVisible();
  expect(await isMarked(page)).toBe(true);
});

test("without script the page shows the same", async ({ operator, house }) => {
  await house.server.sql(BREAK);
  const page = await operator();
  await expect(alert(page)).toHaveCount(1);
  const plain = await operator({ javaScriptEnabled: false });
  await expect(alert(plain)).toHaveCount(1);
  const heads = (of) => of.locator("main").locator("h1, h2, h3, dt, summary, thead, .mono").allTextContents();
  expect(await heads(plain)).toEqual(await heads(page));
  await expect(plain.locator("#namespaces")).toContainText("/org/firm-1");
  await alert(plain).getByRole("button", { name: /^I know/ }).click();
  await expect(alert(plain)).toContainText("Olga Lind knows");
  await expect(plain.locator("[data-notice]")).toContainText("The alert is yours now");
});

test("without barriers, with an alert and without, in every size and light", async ({ operator, house }) => {
  const page = await operator({ reducedMotion: "reduce" });
  await page.locator("main details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  const look = async (state) => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 740 });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        expect.soft(await barriers(page), `${state}, ${width} px, ${colorScheme}`).toEqual([]);
      }
    }
  };
  await expect(page.locator("#state")).toHaveText("All is well");
  await look("all is well");
  await house.server.sql(BREAK);
  await expect(alert(page)).toHaveCount(1);
  await look("an alert");
});
