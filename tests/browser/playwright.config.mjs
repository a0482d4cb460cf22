// Drives Debian's Chromium through target/debug/hearback; each worker starts a server of its own.
import { defineConfig } from "@playwright/test";
import { CHROMIUM } from "./chromium.mjs";

export default defineConfig({
  testMatch: "*.spec.mjs",
  outputDir: "results",
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // A browser on a loaded machine; the summary names what needed a second run as flaky.
  retries: process.env.CI ? 1 : 0,
  // Ends what hangs; no measure of speed. A loaded machine takes several times as long as a quiet one.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    launchOptions: CHROMIUM,
    screenshot: "only-on-failure",
    trace: { mode: "retain-on-failure", screenshots: false },
    locale: "en-GB",
    timezoneId: "Europe/Vienna",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
  },
});
