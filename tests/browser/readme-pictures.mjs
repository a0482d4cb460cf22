// Makes the README's pictures anew, small enough to live in the repository: `node readme-pictures.mjs`.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { CHROMIUM } from "./chromium.mjs";
import { PAGES, visit } from "./pages.mjs";
import { Server } from "./server.mjs";

const FOLDER = fileURLToPath(new URL("../../.readme/", import.meta.url));
const PICTURES = {
  dashboard: { who: "recruiter", page: "conversation-claimed", width: 1200, height: 700, scale: 1 },
  telephone: { who: "recruiter", page: "conversation-claimed", width: 360, height: 640, scale: 1.5, colorScheme: "dark" },
  chat: { who: "candidate", page: "chat", width: 360, height: 640, scale: 1.5 },
};

await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch(CHROMIUM);
const server = await Server.start({ demo: true });
try {
  for (const [name, { who, page: which, width, height, scale, colorScheme = "light" }] of Object.entries(PICTURES)) {
    const options = { viewport: { width, height }, deviceScaleFactor: scale, colorScheme, reducedMotion: "reduce" };
    const context = await browser.newContext({ ...options, timezoneId: "Europe/Vienna", locale: "en-GB" });
    const { page, way } = await visit(context, server, who);
    await PAGES[who].pages[which](page, way);
    const webp = await inWebp(context, await page.screenshot());
    await writeFile(`${FOLDER}${name}.webp`, webp);
    console.log(`${name}.webp ${Math.round(webp.length / 1024)} KiB`);
    await context.close();
  }
} finally {
  await browser.close();
  await server.remove();
}

/** The browser itself writes the smaller format. */
async function inWebp(context, png) {
  const page = await context.newPage();
  const address = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.8);
  }, png.toString("base64"));
  return Buffer.from(address.split(",")[1], "base64");
}
