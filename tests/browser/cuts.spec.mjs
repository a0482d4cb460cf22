import { expect, reply, row, said, test, unsent, write } from "./office.mjs";
import { Wire } from "./wire.mjs";

/** A candidate and a recruiter in the same conversation, each behind a wire. */
async function bothLive(office, name, wires = {}) {
  const { links } = await office.project("Nurse", name);
  const candidate = await office.candidate(links[name]);
  await write(candidate, "Good morning");
  await expect(said(candidate, "Good morning")).toHaveCount(1);
  const recruiter = await office.recruiter("Ada");
  await row(recruiter, name).click();
  await expect(said(recruiter, "Good morning")).toHaveCount(1);
  const pages = { candidate, recruiter };
  for (const side of Object.keys(pages)) {
    if (!wires[side]) continue;
    pages[`${side}Wire`] = await Wire.of(pages[side], wires[side]);
    await pages[side].reload();
    await expect(said(pages[side], "Good morning")).toHaveCount(1);
  }
  return pages;
}

const bodies = (page) => page.locator(".thread > .message[data-seq] .message__body");

/** Both sides show the same, and nothing waits; gives the texts. */
async function expectSame(page, other) {
  await expect(other.locator("[data-pending]")).toHaveCount(0);
  const all = await bodies(other).allTextContents();
  await expect(bodies(page)).toHaveText(all.map((text) => text.trim()));
  return all.map((text) => text.trim());
}

for (const side of ["candidate", "recruiter"]) {
  test(`a network that is cut at any step of what a ${side} sends loses nothing and doubles nothing`, async ({ office }) => {
    const pages = await bothLive(office, "Tess Horn", { [side]: {} });
    const [page, wire] = [pages[side], pages[`${side}Wire`]];
    const send = side === "candidate" ? write : reply;
    const texts = ["Good morning"];
    // The two steps that matter by name, then one after the other, whatever it carries, beyond the acknowledgement too.
    const steps = ["out message:post", "in ack of message:post", ...Array(8).keys()];
    for (const step of steps) {
      await expect.poll(() => wire.isUpgraded).toBe(true);
      const text = `cut at ${step}`;
      texts.push(text);
      wire.cutAt(step);
      await send(page, text);
      await expect(page.locator(".thread > .message", { hasText: text })).toHaveCount(1);
      const isSent = async () => (await said(page, text).count()) === 1 && (await unsent(page, text).count()) === 0;
      await expect.poll(async () => wire.cut !== null || (await isSent())).toBe(true);
      const cut = wire.cut;
      if (typeof step === "string") expect(cut).toBe(step);
      await wire.heal();
      await expect(said(page, text)).toHaveCount(1);
      if (!cut) break;
    }
    for (const each of [pages.candidate, pages.recruiter]) {
      await expect(bodies(each)).toHaveText(texts);
      await expect(each.locator("[data-pending]")).toHaveCount(0);
    }
  });
}

test("a message that was lost on the way is fetched when the next one shows the gap", async ({ office }) => {
  const { candidate, recruiter, candidateWire, recruiterWire } = await bothLive(office, "Finn Lau", { candidate: {}, recruiter: {} });
  for (const [page, wire, other, send] of [[recruiter, recruiterWire, candidate, write], [candidate, candidateWire, recruiter, reply]]) {
    await expect.poll(() => wire.isUpgraded).toBe(true);
    wire.lose("in message:posted");
    await send(other, "this one is lost");
    await expect(said(other, "this one is lost").last()).toBeVisible();
    await expect(unsent(other, "this one is lost")).toHaveCount(0);
    await send(other, "this one shows it");
    const all = await expectSame(page, other);
    expect(all.slice(-2)).toEqual(["this one is lost", "this one shows it"]);
  }
});

test("where WebSocket is blocked everything goes by long polling, after a cut too", async ({ office }) => {
  const { candidate, recruiter, candidateWire } = await bothLive(office, "Ines Roth", { candidate: { websocket: false } });
  await write(candidate, "from behind a strict proxy");
  await expect(said(recruiter, "strict proxy")).toHaveCount(1);
  await reply(recruiter, "we hear you");
  await expect(said(candidate, "we hear you")).toHaveCount(1);
  expect(candidateWire.isUpgraded).toBe(false);
  await candidate.context().setOffline(true);
  await expect(candidate.locator("[data-connection]")).toBeVisible();
  await write(candidate, "still here");
  await reply(recruiter, "so are we");
  await candidate.context().setOffline(false);
  await expect(said(recruiter, "still here")).toHaveCount(1);
  await expect(said(candidate, "so are we")).toHaveCount(1);
  await expectSame(candidate, recruiter);
});

for (const side of ["candidate", "recruiter"]) {
  const [send, answer] = side === "candidate" ? [write, reply] : [reply, write];
  const other = side === "candidate" ? "recruiter" : "candidate";

  test(`what a ${side}'s closed page had not sent goes out when it is opened again`, async ({ office }) => {
    const pages = await bothLive(office, "Olaf Berg");
    const page = pages[side];
    const context = page.context();
    await context.setOffline(true);
    await expect(page.locator("[data-connection]")).toBeVisible();
    await send(page, "written in the lift");
    await send(page, "and one more");
    await expect(unsent(page, "and one more")).toHaveCount(1);
    const address = page.url();
    await page.close();
    await context.setOffline(false);
    const later = await context.newPage();
    await later.goto(address);
    for (const each of [later, pages[other]]) await expect(bodies(each)).toHaveText(["Good morning", "written in the lift", "and one more"]);
    await expect(later.locator("[data-pending]")).toHaveCount(0);
  });

  test(`a ${side}'s page that slept without a network catches up when both are over`, async ({ office }) => {
    const pages = await bothLive(office, "Lena Falk");
    const page = pages[side];
    await page.context().setOffline(true);
    await expect(page.locator("[data-connection]")).toBeVisible();
    await send(page, "before the nap");
    await expect(unsent(page, "before the nap")).toHaveCount(1);
    const session = await page.context().newCDPSession(page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await answer(pages[other], "while you slept");
    await expect(said(pages[other], "while you slept")).toHaveCount(1);
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await page.context().setOffline(false);
    for (const each of [page, pages[other]]) await expect(bodies(each)).toHaveText(["Good morning", "while you slept", "before the nap"]);
    await expect(page.locator("[data-pending]")).toHaveCount(0);
  });
}

test("a message counts as read only when the other side could see it", async ({ office }) => {
  const { candidate, recruiter } = await bothLive(office, "Jan Pohl");
  const mark = (text) => said(candidate, text).locator(".message__read");
  await expect(mark("Good morning")).toBeVisible();
  await recruiter.goto(office.home);
  await write(candidate, "is anybody looking?");
  await expect(row(recruiter, "Jan")).toContainText("2 unanswered");
  await expect(unsent(candidate, "is anybody")).toHaveCount(0);
  await expect(mark("is anybody looking?")).toBeHidden();
  await row(recruiter, "Jan").click();
  await expect(mark("is anybody looking?")).toBeVisible();
});

// Each page draws its pause at random from about a second. By chance alone, six are almost never within a tenth of it.
for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`after a ${signal} not everybody comes back at the same moment`, async ({ office, server }) => {
    const { links } = await office.project("Clerk", "Early Bird");
    const first = await office.candidate(links["Early Bird"]);
    const comeBack = [];
    for (let count = 0; count < 6; count += 1) {
      const page = await first.context().newPage();
      const wire = await Wire.of(page);
      await page.goto(first.url());
      await expect.poll(() => wire.isUpgraded).toBe(true);
      comeBack.push(() => page.waitForRequest(/socket\.io/).then(() => Date.now()));
    }
    const times = Promise.all(comeBack.map((wait) => wait()));
    await server.stop(signal);
    try {
      const all = await times;
      expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(100);
    } finally {
      await server.start();
    }
  });
}
