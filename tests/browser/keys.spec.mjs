import { expect, said, test, write } from "./office.mjs";

test("a recruiter's day by keys alone", async ({ office }) => {
  const { links } = await office.project("Tailor", "Amy One", "Ben Two", "Cem Three");
  const people = {};
  for (const name of ["Amy One", "Ben Two", "Cem Three"]) {
    people[name] = await office.candidate(links[name]);
    await write(people[name], `I am ${name}`);
    await expect(said(people[name], `I am ${name}`)).toHaveCount(1);
  }
  const ada = await office.recruiter("Ada");
  const keys = (...pressed) => pressed.reduce((before, key) => before.then(() => ada.keyboard.press(key)), Promise.resolve());
  const focused = () => ada.evaluate(() => document.activeElement.closest("[data-conversation]")?.textContent ?? "");
  const title = ada.locator("#head h1");
  const head = ada.locator("#head");
  await expect(ada.locator("#rows > li")).toHaveCount(3);

  // Moving in the list.
  await keys("j");
  expect(await focused()).toContain("Amy One");
  await keys("j", "j", "k");
  expect(await focused()).toContain("Ben Two");
  await keys("Enter");
  await expect(title).toHaveText("Ben Two");

  // Next is the one that waits longest, whatever is open.
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
  await expect(head).toContainText("Nothing waits here");
  await ada.keyboard.type("and one more j thing");
  await keys("Escape");
  await expect(ada.locator("#body")).not.toBeFocused();
  await expect(ada.locator("#body")).toHaveValue("and one more j thing");

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

  // The list of keys, and switching single keys off.
  await keys("?");
  await expect(ada.getByRole("dialog")).toContainText("Take the next waiting message");
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
  await ada.keyboard.type("calls herself");
  await keys("Enter");
  await expect(ada).toHaveURL(/search\?q=calls\+herself/);
  await expect(ada.locator("main")).toContainText("calls herself Amy");
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
