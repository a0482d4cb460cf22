// A browser's clock is minutes off: the page goes by the server's.
import { expect, reply, row, said, test, write } from "./office.mjs";

/** Moves a page's clock by so many minutes. */
const shifted = (minutes) => {
  const Real = Date;
  const shift = minutes * 60_000;
  globalThis.Date = class extends Real {
    constructor(...parts) {
      if (parts.length) super(...parts);
      else super(Real.now() + shift);
    }

    static now() {
      return Real.now() + shift;
    }
  };
};

for (const minutes of [5, -5]) {
  test(`a clock that is ${minutes} minutes off changes no time and no claim`, async ({ office }) => {
    const { links } = await office.project("Watchmaker", "Tim Early");
    const tim = await office.candidate(links["Tim Early"]);
    await write(tim, "What time is it?");
    await expect(said(tim, "What time")).toHaveCount(1);
    const ada = await office.recruiter("Ada");
    const renewals = [];
    ada.on("websocket", (socket) => socket.on("framesent", ({ payload }) => String(payload).includes("queue:claim") && renewals.push(payload)));
    for (const page of [tim, ada]) {
      await page.addInitScript(shifted, minutes);
      // Every text that a time has ever had, also before the socket is there.
      await page.addInitScript(() => {
        globalThis.times = [];
        new MutationObserver(() => {
          for (const { textContent } of document.querySelectorAll("time")) if (!times.includes(textContent)) times.push(textContent);
        }).observe(document, { childList: true, subtree: true, characterData: true });
      });
      await page.reload();
    }
    await row(ada, "Tim").click();
    await expect(row(ada, "Tim")).toContainText(/waits [0-2] min/);
    await expect(row(ada, "Tim")).toContainText(/due in 3 h 5[789] min/);
    await ada.getByRole("button", { name: "Claim" }).click();
    await expect(ada.locator("[data-countdown]")).toHaveText(/^(2:00|1:[45]\d)$/);
    // Typing as long as the claim is fresh asks for nothing: it is neither over nor in need of renewal.
    await ada.locator("#body").pressSequentially("It is ");
    await expect(ada.locator("#head")).toContainText("You hold this");
    await reply(ada, "It is time");
    for (const page of [tim, ada]) {
      await expect(said(page, "It is time").locator("time")).toHaveText("now");
      await expect(said(page, "What time").locator("time")).toHaveText(/now|1 minute ago/);
      const wrong = (await page.evaluate(() => times)).filter((text) => /^in |[2-9] minutes ago|overdue/.test(text));
      expect(wrong).toEqual([]);
    }
    expect(renewals).toEqual([]);
  });
}
