import { expect, said, test, write } from "./office.mjs";

/** Ada's dashboard, where `names` wait in this order, and her hands on the keys. */
async function desk(office, ...names) {
  const { links } = await office.project("Tailor", ...names);
  const people = {};
  for (const name of names) {
    people[name] = await office.candidate(links[name]);
    await write(people[name], `I am ${name}`);
    await expect(said(people[name], `I am ${name}`)).toHaveCount(1);
  }
  const ada = await office.recruiter("Ada");
  await expect(ada.locator("#rows [data-conversation]")).toHaveCount(names.length);
  const keys = async (...pressed) => {
    for (const key of pressed) await ada.keyboard.press(key);
  };
  return { people, ada, keys, head: ada.locator("#head"), title: ada.locator("#head h1") };
}

test("a recruiter finds, takes and answers by keys alone", async ({ office }) => {
  const { people, ada, keys, head, title } = await desk(office, "Amy One", "Ben Two", "Cem Three");
  const focused = () => ada.evaluate(() => document.activeElement.closest("[data-conversation]")?.textContent ?? "");

  // Moving in the list.
  await keys("j");
  expect(await focused()).toContain("Amy One");
  await keys("j", "j", "k");
  expect(await focused()).toContain("Ben Two");
  await keys("Enter");
  await expect(title).toHaveText("Ben Two");

  // Next is the most urgent one, whatever is open.
  await keys("Shift+N");
  await expect(title).toHaveText("Amy One");
  await expect(head).toContainText("You hold this");

  // A note, then an answer, then away from the field with the draft kept.
  await keys("n");
  await expect(ada.locator("#body")).toBeFocused();
  await ada.keyboard.type("calls herself Amy");
  await keys("Control+Enter");
  await expect(ada.locator(".note[data-note-seq]")).toContainText("calls herself Amy");
  await keys("Escape", "r");
  await expect(ada.locator("#body")).toBeFocused();
  await ada.keyboard.type("Hello Amy");
  await keys("Control+Enter");
  await expect(said(ada, "Hello Amy")).toHaveCount(1);
  await expect(said(people["Amy One"], "Hello Amy")).toHaveCount(1);
  await expect(head).toContainText("Answered");
  await ada.keyboard.type("and one more j thing");
  await keys("Escape");
  await expect(ada.locator("#body")).not.toBeFocused();
  await expect(ada.locator("#body")).toHaveValue("and one more j thing");

  // What she wrote is found again.
  await keys("/");
  await expect(ada.locator("[data-search]")).toBeFocused();
  await ada.keyboard.type("calls herself");
  await keys("Enter");
  await expect(ada).toHaveURL(/search\?q=calls\+herself/);
  await expect(ada.locator("main")).toContainText("calls herself Amy");
});

test("a recruiter finishes, assigns and snoozes by keys alone", async ({ office }) => {
  const { ada, keys, head, title } = await desk(office, "Ben Two", "Cem Three");

  // Done and next.
  await keys("Shift+N");
  await expect(title).toHaveText("Ben Two");
  await expect(head).toContainText("You hold this");
  await keys("e");
  await expect(title).toHaveText("Cem Three");
  await expect(head).toContainText("You hold this");

  // Assigning, to oneself and by the menu.
  await keys("i");
  await expect(ada.locator("summary[data-press=a]")).toHaveText(/Ada/);
  await keys("a");
  await expect(ada.getByRole("button", { name: /^Me/ })).toBeFocused();
  await keys("Tab", "Enter");
  await expect(ada.locator("summary[data-press=a]")).toHaveText(/Bo/);

  // Snoozing by the menu; Escape closes it first.
  await keys("z");
  await expect(ada.getByRole("button", { name: "1 hour" })).toBeFocused();
  await keys("Escape");
  await expect(ada.getByRole("button", { name: "1 hour" })).toBeHidden();
  await expect(ada.locator("summary[data-press=z]")).toBeFocused();
  await keys("z", "Enter");
  await expect(head).toContainText("Snoozed");
});

test("keys of one letter can be switched off", async ({ office }) => {
  const { ada, keys } = await desk(office);
  await keys("?");
  await expect(ada.getByRole("dialog")).toContainText("Take the most urgent conversation");
  await ada.getByLabel("Keys of one letter are on").press("Space");
  await keys("Escape");
  await expect(ada.getByRole("dialog")).toBeHidden();
  await keys("/");
  await expect(ada.locator("[data-search]")).not.toBeFocused();
  await ada.reload();
  await keys("/");
  await expect(ada.locator("[data-search]")).not.toBeFocused();
  await ada.evaluate(() => localStorage.clear());
  await keys("/");
  await expect(ada.locator("[data-search]")).toBeFocused();
});

test("a menu that was opened while an answer was under way stays open", async ({ office }) => {
  const { ada, keys, head } = await desk(office, "Amy One");
  await keys("Shift+N");
  await expect(head).toContainText("You hold this");
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await ada.route("**/update", async (route) => {
    await held;
    await route.continue();
  });
  await keys("i", "a");
  await expect(ada.getByRole("button", { name: /^Me/ })).toBeFocused();
  const answered = ada.waitForResponse((response) => response.request().method() === "POST");
  letGo();
  await answered;
  await ada.waitForResponse((response) => response.request().headers()["x-fragment"] === "head");
  await expect(ada.getByRole("button", { name: /^Me/ })).toBeFocused();
  await keys("Escape");
  await expect(ada.locator("summary[data-press=a]")).toHaveText(/Ada/);
  await expect(ada.locator("summary[data-press=a]")).toBeFocused();
});

test("a candidate writes with a keyboard: Enter sends, Shift with Enter is a new line", async ({ office }) => {
  const { links } = await office.project("Painter", "Dan Four");
  const dan = await office.candidate(links["Dan Four"], {});
  await dan.keyboard.press("Tab");
  await expect(dan.getByRole("link", { name: "Skip to the messages" })).toBeFocused();
  for (let steps = 0; steps < 10 && !(await dan.getByLabel("Your message").evaluate((it) => it === document.activeElement)); steps += 1) {
    await dan.keyboard.press("Tab");
  }
  await dan.keyboard.type("one");
  await dan.keyboard.press("Shift+Enter");
  await dan.keyboard.type("two");
  await dan.keyboard.press("Enter");
  await expect(said(dan, "one")).toHaveCount(1);
  await expect(said(dan, "one").locator(".message__body")).toHaveText(/one\s+two/);
});
