// One press is one message, whatever is slow; and what is typed arrives where it is typed.
import { enter, expect, PHONE, reply, row, said, test, write } from "./office.mjs";

/** A browser whose storage answers late. */
const slowStorage = () => {
  IDBRequest.prototype.addEventListener = function (type, listener, options) {
    const late = type === "success" && !(this instanceof IDBOpenDBRequest);
    const act = late ? (event) => setTimeout(() => listener.call(this, event), 600) : listener;
    return EventTarget.prototype.addEventListener.call(this, type, act, options);
  };
};

async function slow(page) {
  await page.addInitScript(slowStorage);
  await page.reload();
}

const clickTwice = (button) => button.evaluate((it) => [1, 2].forEach(() => it.click()));
const bodies = (page) => page.locator(".thread > .message .message__body");

test("a candidate who presses Send twice, or Enter five times, sends one message, and what they type next stays", async ({ office }) => {
  const { links } = await office.project("Roofer", "Ivy Dale");
  const ivy = await office.candidate(links["Ivy Dale"], {});
  await slow(ivy);
  const field = ivy.getByLabel("Your message");
  await field.fill("one");
  await clickTwice(ivy.getByRole("button", { name: "Send", exact: true }));
  await ivy.keyboard.type("two");
  await expect(field).toHaveValue("two");
  await field.evaluate((it) => {
    const init = { key: "Enter", code: "Enter", bubbles: true, cancelable: true };
    for (let times = 0; times < 5; times += 1) it.dispatchEvent(new KeyboardEvent("keydown", init));
  });
  await ivy.keyboard.type("and three");
  await expect(said(ivy, "two")).toHaveCount(1);
  await expect(bodies(ivy)).toHaveText(["one", "two"]);
  await expect(field).toHaveValue("and three");
  await ivy.reload();
  await expect(bodies(ivy)).toHaveText(["one", "two"]);
  await expect(field).toHaveValue("and three");
});

test("a recruiter who presses twice sends one reply and one note, and what they type next stays", async ({ office }) => {
  const { links } = await office.project("Glazier", "Kit Moss");
  const kit = await office.candidate(links["Kit Moss"]);
  await write(kit, "Hello");
  await expect(said(kit, "Hello")).toHaveCount(1);
  const ada = await office.recruiter("Ada");
  await row(ada, "Kit").click();
  const field = ada.locator("#body");
  await expect(field).toBeVisible();
  await slow(ada);
  await ada.getByRole("button", { name: "Note", exact: true }).click();
  await field.fill("a note");
  await clickTwice(ada.locator("[data-send=note]"));
  await expect(ada.locator(".note[data-note-seq]")).toHaveCount(1);
  await field.fill("a reply");
  await field.evaluate((it) => {
    const init = { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
    for (let times = 0; times < 5; times += 1) it.dispatchEvent(new KeyboardEvent("keydown", init));
  });
  await ada.keyboard.type("and the next");
  await expect(said(ada, "a reply")).toHaveCount(1);
  await expect(field).toHaveValue("and the next");
  await ada.reload();
  await expect(ada.locator(".note")).toHaveCount(1);
  await expect(bodies(ada)).toHaveText(["Hello", "a reply"]);
});

test("without script two presses send one message, reply and note", async ({ office }) => {
  const { links } = await office.project("Smith", "Lou Reeve");
  const lou = await (await office.context({ ...PHONE, javaScriptEnabled: false })).newPage();
  await enter(lou, links["Lou Reeve"]);
  await lou.getByLabel("Your message").fill("Hello");
  await lou.getByRole("button", { name: "Send" }).dblclick();
  await expect(said(lou, "Hello")).toHaveCount(1);
  const ada = await office.recruiter("Ada", { javaScriptEnabled: false });
  await ada.getByRole("button", { name: "Next" }).click();
  await ada.locator("#body").fill("a note");
  await ada.getByRole("button", { name: "Keep as team note" }).dblclick();
  await expect(ada.locator(".note")).toHaveCount(1);
  await ada.locator("#body").fill("a reply");
  await ada.getByRole("button", { name: "Send reply" }).dblclick();
  await expect(said(ada, "a reply")).toHaveCount(1);
  await ada.reload();
  await expect(ada.locator(".note")).toHaveCount(1);
  await expect(bodies(ada)).toHaveText(["Hello", "a reply"]);
});

test("a dialog gives the caret back, closed by mouse or by keys", async ({ office }) => {
  const { links } = await office.project("Tanner", "Max Orr");
  const max = await office.candidate(links["Max Orr"]);
  await write(max, "Hello");
  await expect(said(max, "Hello")).toHaveCount(1);
  const [ada, bo] = [await office.recruiter("Ada"), await office.recruiter("Bo")];
  await row(ada, "Max").click();
  await ada.getByRole("button", { name: "Claim" }).click();
  await expect(ada.locator("#head")).toContainText("You hold this");
  await row(bo, "Max").click();
  await expect(bo.locator("#head")).toContainText("Ada holds this");
  const field = bo.locator("#body");

  // A question that comes while one is writing.
  await reply(bo, "Hello Max");
  await bo.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
  await bo.keyboard.type("one two three");
  await expect(field).toHaveValue("one two three");

  // A selection is a selection again.
  for (const close of [(button) => button.click(), (button) => button.press("Enter"), () => bo.keyboard.press("Escape")]) {
    await field.fill("one two three");
    await field.evaluate((it) => it.setSelectionRange(4, 7));
    await bo.locator("[data-show-keys]").evaluate((button) => button.click());
    await close(bo.getByRole("dialog").getByRole("button", { name: "Close" }));
    await expect(bo.getByRole("dialog")).toBeHidden();
    await bo.keyboard.type("2");
    await expect(field).toHaveValue("one 2 three");
  }
  await bo.locator(".message--failed").getByRole("button", { name: "Take over and send" }).click();
  await expect(said(max, "Hello Max")).toHaveCount(1);
});

/** What a page sees of a key that an input method takes, as Safari and the others report it. */
const composing = [{ keyCode: 229 }, { isComposing: true }];

test("Enter that ends a composition sends nothing", async ({ office }) => {
  const { links } = await office.project("Weaver", "Rin Sato");
  const rin = await office.candidate(links["Rin Sato"], {});
  const press = (locator, init) =>
    locator.evaluate((it, more) => {
      const event = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, bubbles: true, cancelable: true, ...more });
      it.dispatchEvent(event);
    }, init);
  const field = rin.getByLabel("Your message");
  await field.fill("にほん");
  for (const init of composing) await press(field, init);
  await expect(field).toHaveValue("にほん");
  await press(field, {});
  await expect(said(rin, "にほん")).toHaveCount(1);

  const ada = await office.recruiter("Ada");
  await row(ada, "Rin").click();
  await ada.locator("#body").fill("はい");
  for (const init of composing) await press(ada.locator("#body"), { ctrlKey: true, ...init });
  await expect(ada.locator("#body")).toHaveValue("はい");
  await press(ada.locator("#body"), { ctrlKey: true });
  await expect(said(ada, "はい")).toHaveCount(1);
  await expect(bodies(rin)).toHaveText(["にほん", "はい"]);
});

const LAYOUTS = { Russian: "о", Greek: "ξ", Hebrew: "ח", Arabic: "ت" };

test("keys of one letter work on every layout, and never with another key, while composing or in a field", async ({ office }) => {
  const { links } = await office.project("Potter", "Ash One");
  const ash = await office.candidate(links["Ash One"]);
  await write(ash, "Hello");
  const ada = await office.recruiter("Ada");
  await expect(row(ada, "Ash")).toHaveCount(1);
  const press = (init, selector = "body") =>
    ada.evaluate(([target, event]) => {
      if (target === "body") document.activeElement.blur();
      document.querySelector(target).dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...event }));
      return document.activeElement.closest("[data-conversation]") !== null;
    }, [selector, init]);
  for (const [layout, key] of Object.entries(LAYOUTS)) {
    expect(await press({ key, code: "KeyJ" }), layout).toBe(true);
    for (const held of ["ctrlKey", "altKey", "metaKey"]) expect(await press({ key, code: "KeyJ", [held]: true }), held).toBe(false);
    for (const init of composing) expect(await press({ key, code: "KeyJ", ...init }), layout).toBe(false);
  }
  // A Latin layout means the letter that it shows, wherever it stands.
  expect(await press({ key: "j", code: "KeyC" })).toBe(true);
  expect(await press({ key: "h", code: "KeyJ" })).toBe(false);
  expect(await press({ key: "ö", code: "KeyJ" })).toBe(false);
  await ada.locator("[data-search]").focus();
  expect(await press({ key: "о", code: "KeyJ" }, "[data-search]")).toBe(false);
  await press({ key: "؟", code: "Slash", shiftKey: true });
  await expect(ada.getByRole("dialog")).toBeVisible();
  await ada.keyboard.press("Escape");
  await press({ key: "Т", code: "KeyN", shiftKey: true });
  await expect(ada.locator("#head")).toContainText("You hold this");
});
