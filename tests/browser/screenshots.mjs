// Writes every page to /screenshots: on a telephone and on a desk, light and dark.
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { CHROMIUM } from "./chromium.mjs";
import { PAGES, visit } from "./pages.mjs";
import { Server } from "./server.mjs";

const FOLDER = fileURLToPath(new URL("../../screenshots/", import.meta.url));
const SIZES = { 360: 740, 1280: 800 };

await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch(CHROMIUM);
const server = await Server.start({ demo: true });
let count = 0;
try {
  for (const [who, { pages }] of Object.entries(PAGES)) {
    const context = await browser.newContext({ reducedMotion: "reduce", timezoneId: "Europe/Vienna", locale: "en-GB" });
    const { page, way } = await visit(context, server, who);
    for (const [name, open] of Object.entries(pages)) {
      await page.setViewportSize({ width: 1280, height: SIZES[1280] });
      await open(page, way);
      await page.evaluate(() => document.fonts.ready);
      for (const [width, height] of Object.entries(SIZES)) {
        await page.setViewportSize({ width: Number(width), height });
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `${FOLDER}${who}-${name}-${width}-${colorScheme}.png`, fullPage: true });
          count += 1;
        }
      }
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server.remove();
}
console.log(`${count} screenshots are in screenshots/`);
