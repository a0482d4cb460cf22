// Drives Debian's Chromium through target/debug/hearback; each worker starts a server of its own.
import { defineConfig } from "@playwright/test";
import { CHROMIUM } from "./chromium.mjs";

export default defineConfig({
  testMatch: "*.spec.mjs",
  outputDir: "results",
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    launchOptions: CHROMIUM,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    locale: "en-GB",
    timezoneId: "Europe/Vienna",
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
  },
});
