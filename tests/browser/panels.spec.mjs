// Nothing that can be opened or pressed lies outside of the window: every page, on telephones and on a desk.
import { expect, test as base } from "@playwright/test";
import { PAGES, visit } from "./pages.mjs";
import { Server } from "./server.mjs";

const SIZES = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

const test = base.extend({
  example: [
    async ({}, use) => {
      const server = await Server.start({ demo: true });
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
});

/** What of a visible element lies beside the window, in words; `below` counts what is under its end, too. */
const outside = (page, selector, { below = false } = {}) =>
  page.evaluate(
    ([selector, below]) =>
      [...document.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .skip, .table-wrap, .where, .tabs"))
        .map((element) => [element, element.getBoundingClientRect()])
        .filter(([, { width, height }]) => width > 1 && height > 1)
        .filter(([, box]) => box.left < -0.5 || box.right > innerWidth + 0.5 || (below && (box.top < -0.5 || box.bottom > innerHeight + 0.5)))
        .map(([element, { left, right, top, bottom }]) => `${element.outerHTML.slice(0, 80)} at ${[left, right, top, bottom].map(Math.round)}`),
    [selector, below],
  );

/** Opens each menu of a page in its turn, by `open(summary)`; what lies outside then. */
async function menus(page) {
  const found = [];
  const summaries = page.locator("details.menu > summary");
  for (let at = 0; at < (await summaries.count()); at += 1) {
    const summary = summaries.nth(at);
    if (!(await summary.isVisible())) continue;
    await summary.click();
    const panel = summary.locator("xpath=following-sibling::*[contains(@class, 'menu__panel')]");
    await expect(panel).toBeVisible();
    found.push(...(await outside(page, "details.menu[open] .menu__panel, details.menu[open] .menu__panel :is(button, a, input, label)", { below: true })));
    await page.keyboard.press("Escape");
    await expect(panel).toBeHidden();
  }
  return found;
}

/** Asks every question that a page asks before it does something, and takes each back. */
async function questions(page) {
  const found = [];
  const askers = page.locator("button[data-confirm], form[data-confirm] button");
  for (let at = 0; at < Math.min(await askers.count(), 6); at += 1) {
    if (!(await askers.nth(at).isVisible())) continue;
    await askers.nth(at).click();
    const dialog = page.locator("dialog[open]");
    await expect(dialog).toBeVisible();
    found.push(...(await outside(page, "dialog[open], dialog[open] button", { below: true })));
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
  }
  return found;
}

for (const [who, { pages }] of Object.entries(PAGES)) {
  for (const size of SIZES) {
    test(`${who}: everything that opens lies within ${size.width} px`, async ({ browser, example }) => {
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const { page, way } = await visit(context, example, who);
      for (const [name, open] of Object.entries(pages)) {
        await page.setViewportSize({ width: 1280, height: 800 });
        await open(page, way);
        await page.setViewportSize(size);
        const where = `${name}, ${size.width} px`;
        expect.soft(await outside(page, "a, button, summary, input, select, textarea, dialog[open]"), where).toEqual([]);
        if (name === "keys") {
          expect.soft(await outside(page, "dialog[open]", { below: true }), where).toEqual([]);
          continue;
        }
        expect.soft(await menus(page), `${where}, menus`).toEqual([]);
        expect.soft(await questions(page), `${where}, questions`).toEqual([]);
      }
      await context.close();
    });
  }
}

test("a menu on a telephone is a sheet over the full width, with a title and Cancel", async ({ browser, example }) => {
  const context = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 320, height: 640 }, hasTouch: true });
  const { page, way } = await visit(context, example, "recruiter");
  await PAGES.recruiter.pages.conversation(page, way);
  for (const [key, title] of [["z", "Snooze until …"], ["a", "Assign to"]]) {
    await page.locator(`summary[data-press=${key}]`).tap();
    const panel = page.locator("details.menu[open] .menu__panel");
    await expect(panel).toContainText(title);
    const { x, width, y, height } = await panel.boundingBox();
    expect([x, width, y + height]).toEqual([0, 320, 640]);
    for (const row of await panel.locator(".menu__item:visible").all()) expect((await row.boundingBox()).height).toBeGreaterThanOrEqual(48);
    await panel.getByRole("button", { name: "Cancel" }).tap();
    await expect(panel).toHaveCount(0);
    await page.locator(`summary[data-press=${key}]`).tap();
    // What is behind the sheet closes it.
    await page.touchscreen.tap(160, 20);
    await expect(panel).toHaveCount(0);
  }
  await context.close();
});
