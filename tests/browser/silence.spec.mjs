// A server that hangs: within two seconds the page says so, and keeps what is written.
import { expect, reply, row, said, test, unsent, write } from "./office.mjs";

const banner = (page) => page.locator("[data-connection]");

test("a server that does not answer is said to be silent, on both sides, and everything arrives when it is back", async ({ office, server }) => {
  const { links } = await office.project("Diver", "Olga Still", "Vic Other");
  const olga = await office.candidate(links["Olga Still"]);
  const vic = await office.candidate(links["Vic Other"]);
  for (const page of [olga, vic]) await write(page, "Hello");
  const ada = await office.recruiter("Ada");
  await row(ada, "Olga").click();
  await ada.getByRole("button", { name: "Claim" }).click();
  await expect(ada.locator("[data-countdown]")).toHaveText(/:/);
  await expect(row(ada, "Vic")).toHaveCount(1);
  server.freeze();
  try {
    await write(olga, "Is anybody there?");
    await reply(ada, "We are");
    for (const [page, text] of [[olga, "Is anybody"], [ada, "We are"]]) {
      await expect(banner(page)).toContainText("Hearback isn't answering. Your text is saved on this device", { timeout: 6000 });
      await expect(unsent(page, text)).toContainText(/Sending … \d+ s/);
    }
    await expect(ada.locator("[data-countdown]")).toHaveText("may be released");

    // A row that is clicked is selected at once, says that it loads, and can be tried again.
    await row(ada, "Vic").click();
    await expect(row(ada, "Vic").locator("a")).toHaveAttribute("aria-current", "true", { timeout: 1000 });
    await expect(ada.locator(".loading")).toHaveText(/Loading/);
    await expect(ada.locator("#body")).not.toBeFocused();
    await expect(ada.locator(".loading").getByRole("button", { name: "Retry" })).toBeVisible({ timeout: 8000 });
  } finally {
    server.thaw();
  }
  await ada.locator(".loading").getByRole("button", { name: "Retry" }).click({ timeout: 2000 }).catch(() => null);
  await expect(ada.locator("#head h1")).toHaveText("Vic Other");
  await expect(said(olga, "Is anybody there?")).toHaveCount(1);
  await expect(said(olga, "We are")).toHaveCount(1);
  for (const page of [olga, ada]) await expect(banner(page)).toBeHidden();
  await expect(olga.locator("[data-pending]")).toHaveCount(0);
});
