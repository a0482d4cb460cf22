// What a screen reader is given to announce: what others write, once; never one's own words.
import { expect, reply, row, said, test, unsent, write } from "./office.mjs";

/** Keeps every text that stands in a live region of the page, as a screen reader would announce it. */
const listening = () => {
  globalThis.spoken = [];
  const live = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]:not([aria-live=off])";
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
      const texts = addedNodes.length ? [...addedNodes].map((node) => node.textContent) : [target.textContent];
      if (region) globalThis.spoken.push(...texts.map((text) => text.trim()).filter(Boolean));
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
};

const spoken = (page, words) => page.evaluate((part) => spoken.filter((text) => text.includes(part)), words);

test("a message is announced once, to the others", async ({ office }) => {
  const { links } = await office.project("Speaker", "Ear Witness");
  const ear = await office.candidate(links["Ear Witness"]);
  await write(ear, "opening words");
  await expect(said(ear, "opening words")).toHaveCount(1);
  const [ada, bo] = [await office.recruiter("Ada"), await office.recruiter("Bo")];
  for (const page of [ada, bo]) await row(page, "Ear").click();
  for (const page of [ear, ada, bo]) {
    await page.addInitScript(listening);
    await page.reload();
    await expect(said(page, "opening words")).toHaveCount(1);
  }
  await write(ear, "from the candidate");
  for (const page of [ada, bo]) await expect.poll(() => spoken(page, "from the candidate")).toEqual(["Ear Witness: from the candidate"]);
  await reply(ada, "from the team");
  for (const page of [ear, bo]) await expect.poll(() => spoken(page, "from the team")).toEqual(["Ada: from the team"]);
  for (const [page, text] of [[ear, "from the candidate"], [ada, "from the team"]]) {
    await expect(unsent(page, text)).toHaveCount(0);
    expect(await spoken(page, text)).toEqual([]);
  }
});
