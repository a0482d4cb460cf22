// What holds for every page: no barrier that axe-core knows of, light and dark, and nothing to scroll sideways on a telephone.
import { expect, test as base } from "@playwright/test";
import { barriers } from "./axe.mjs";
import { PAGES, visit } from "./pages.mjs";
import { Server } from "./server.mjs";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
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

for (const [who, { pages }] of Object.entries(PAGES)) {
  test(`${who}: pages without barriers, in every size and light`, async ({ browser, example }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const { page, way } = await visit(context, example, who);
    for (const [name, open] of Object.entries(pages)) {
      await page.setViewportSize(SIZES[0]);
      await open(page, way);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          expect.soft(await barriers(page), `${name}, ${size.width} px, ${colorScheme}`).toEqual([]);
        }
      }
      expect.soft(await sideways(page), `${name} scrolls sideways at 360 px`).toBe(0);
      // Panes scroll by themselves, so the page around them must not.
      if (await page.locator("[data-scroller], [data-workspace]").count()) {
        expect.soft(await beyond(page), `${name} is longer than the screen`).toBe(0);
      }
      await page.setViewportSize({ width: 320, height: 640 });
      expect.soft(await sideways(page), `${name} scrolls sideways at 320 px`).toBe(0);
    }
    await context.close();
  });
}

const beyond = (page) => page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
