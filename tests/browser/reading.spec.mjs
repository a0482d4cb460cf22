// "Read" is said only of what somebody could read.
import { expect, reply, row, said, test, unsent, write } from "./office.mjs";

const read = (page, text) => said(page, text).locator(".message__read");

/** A page that is on the screen without having the focus, until `focus` says so. */
const unfocused = () => {
  globalThis.focused = false;
  Document.prototype.hasFocus = () => globalThis.focused;
};
const focus = (page) =>
  page.evaluate(() => {
    globalThis.focused = true;
    window.dispatchEvent(new Event("focus"));
  });
/** Whatever one page has told the server before has reached the other one after this; nothing is touched for it. */
async function settled(from, to) {
  for (const [text, shown] of [["x", /writing|typing/], ["", /^$/]]) {
    await from.locator("#body").evaluate((it, value) => {
      it.value = value;
      it.dispatchEvent(new Event("input"));
    }, text);
    await expect(to.locator("[data-typing]")).toHaveText(shown);
  }
}

const long = (name) => Array.from({ length: 60 }, (_, line) => `${name} ${line}`).join("\n");

test("a candidate's message is read when a recruiter has it in view and looks at the page", async ({ office }) => {
  const { links } = await office.project("Reader", "Page Turner");
  const page = await office.candidate(links["Page Turner"]);
  await write(page, "first");
  await expect(said(page, "first")).toHaveCount(1);
  const ada = await office.recruiter("Ada");
  await ada.addInitScript(unfocused);
  await ada.goto(new URL(await row(ada, "Page").locator("a").getAttribute("href"), office.home).href);
  await expect(said(ada, "first")).toBeInViewport();
  await write(page, "second");
  await expect(said(ada, "second")).toBeInViewport();
  await settled(ada, page);
  await expect(read(page, "first")).toBeHidden();
  await focus(ada);
  await expect(read(page, "second")).toBeVisible();
  await expect(read(page, "first")).toBeVisible();

  // Three screens further up the newest is not read.
  await write(page, long("third"));
  await expect(read(page, "third 59")).toBeVisible();
  await ada.locator("[data-scroller]").evaluate((it) => (it.scrollTop = 0));
  await expect(said(ada, "first")).toBeInViewport();
  await write(page, "fourth");
  await expect(said(ada, "fourth")).toHaveCount(1);
  await expect(said(ada, "fourth")).not.toBeInViewport();
  await expect(unsent(page, "fourth")).toHaveCount(0);
  await settled(ada, page);
  await expect(read(page, "fourth")).toBeHidden();
  await said(ada, "fourth").scrollIntoViewIfNeeded();
  await expect(read(page, "fourth")).toBeVisible();
});

test("a recruiter's message is read when the candidate has it in view and touches the page", async ({ office }) => {
  const { links } = await office.project("Reader", "Nora Leaf");
  const nora = await office.candidate(links["Nora Leaf"]);
  await nora.addInitScript(unfocused);
  await write(nora, long("hello"));
  await expect(said(nora, "hello 59")).toHaveCount(1);
  await nora.reload();
  const ada = await office.recruiter("Ada");
  await row(ada, "Nora").click();
  await reply(ada, "can you see this?");
  await expect(said(nora, "can you see this?")).toBeInViewport();
  await settled(nora, ada);
  await expect(read(ada, "can you see")).toBeHidden();
  await nora.locator("[data-scroller]").tap();
  await expect(read(ada, "can you see")).toBeVisible();
  await nora.locator("[data-scroller]").evaluate((it) => (it.scrollTop = 0));
  await expect(said(nora, "can you see")).not.toBeInViewport();
  await reply(ada, "and this?");
  await expect(said(nora, "and this?")).toHaveCount(1);
  await expect(said(ada, "and this?")).toHaveCount(1);
  await settled(nora, ada);
  await expect(read(ada, "and this?")).toBeHidden();
  await nora.getByRole("button", { name: "New message" }).tap();
  await expect(read(ada, "and this?")).toBeVisible();
});
