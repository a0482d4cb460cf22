// What was done by a slip of the finger can be taken back for ten seconds, by mouse and by keys.
import { expect, row, said, test, write } from "./office.mjs";

async function desk(office, name = "Amy One") {
  const { links } = await office.project("Tailor", name, "Zoe Last");
  const candidate = await office.candidate(links[name]);
  await write(candidate, "Is it still free?");
  await expect(said(candidate, "Is it still free?")).toHaveCount(1);
  const ada = await office.recruiter("Ada");
  await row(ada, name).click();
  await expect(ada.locator("#head h1")).toHaveText(name);
  return { ada, head: ada.locator("#head"), undo: ada.getByRole("status").getByRole("button", { name: "Undo" }), candidate };
}

test("no reply needed is taken back by Ctrl+Z, at the old place, with the message unanswered", async ({ office }) => {
  const { ada, head, undo } = await desk(office);
  await ada.keyboard.press("e");
  await expect(ada.getByRole("status").filter({ hasText: "Marked as no reply needed." })).toBeVisible();
  await expect(row(ada, "Amy")).toHaveCount(0);
  await expect(undo).toBeVisible();
  await ada.keyboard.press("Control+z");
  await expect(row(ada, "Amy")).toContainText("1 unanswered");
  await expect(head.locator("h1")).toHaveText("Amy One");
  await expect(head).toContainText("waits");
  await expect(undo).toHaveCount(0);
});

test("no reply needed is taken back later from the menu", async ({ office }) => {
  const { ada, head } = await desk(office);
  await head.getByRole("button", { name: "No reply needed" }).click();
  await expect(row(ada, "Amy")).toHaveCount(0);
  await ada.goto(`${office.home}?view=all`);
  await row(ada, "Amy").click();
  await expect(head.locator(".badge--handled")).toHaveText("No reply needed");
  await head.getByLabel("More").click();
  await ada.getByRole("button", { name: "Put back in the queue" }).click();
  await expect(head).toContainText("waits");
  await ada.goto(office.home);
  await expect(row(ada, "Amy")).toContainText("1 unanswered");
});

test("snoozing, assigning, another priority and closing are taken back by the button", async ({ office }) => {
  const { ada, head, undo } = await desk(office);
  const steps = [
    ["Snooze (Z)", "1 hour", "Snoozed.", "Snoozed until"],
    ["Assign (A)", "Bo", "Assigned to Bo.", "Bo"],
    ["Priority, close", "Priority: urgent", "Priority is now urgent.", "urgent"],
    ["Priority, close", "Close the conversation", "Conversation closed.", "Closed"],
  ];
  for (const [menu, item, said, shown] of steps) {
    await head.getByTitle(menu).click();
    await ada.getByRole("button", { name: item, exact: true }).click();
    await expect(ada.getByRole("status").filter({ hasText: said })).toBeVisible();
    await expect(head).toContainText(shown);
    await undo.click();
    await expect(head.locator(".badge", { hasText: shown })).toHaveCount(0);
    await expect(head.locator("summary[data-press=a]")).toHaveText(/Assign/);
    await expect(head.locator(".badge--waits")).toContainText("waits");
    await expect(row(ada, "Amy")).toContainText("1 unanswered");
  }
});

test("the offer is reached by the keyboard and ends by itself", async ({ office }) => {
  const { ada, head, undo } = await desk(office);
  await ada.clock.install();
  await head.getByTitle("Priority, close").click();
  await ada.getByRole("button", { name: "Priority: low" }).click();
  await expect(undo).toBeVisible();
  await undo.focus();
  await ada.clock.runFor(11_000);
  await expect(undo).toBeFocused();
  await ada.evaluate(() => document.activeElement.blur());
  await ada.clock.runFor(11_000);
  await expect(undo).toHaveCount(0);
});

test("a candidate who asks for a new link is seen in the list and gets it from the thread", async ({ office }) => {
  const { links } = await office.project("Welder", "Rut Sand");
  const rut = await office.candidate(links["Rut Sand"]);
  const ada = await office.recruiter("Ada");
  await ada.goto(`${office.home}?view=all`);
  await row(ada, "Rut").click();
  await ada.getByRole("button", { name: "End link" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "End the link" }).click();
  await rut.goto(links["Rut Sand"]);
  await rut.getByRole("button", { name: "Ask for a new link" }).click();
  await ada.goto(office.home);
  await expect(row(ada, "Rut").locator(".badge", { hasText: "Asks for a new link" })).toBeVisible();
  await expect(row(ada, "Rut").locator(".row__preview")).toHaveText("Asks for a new link");
  await row(ada, "Rut").click();
  await expect(ada.locator("#head .badge", { hasText: "Asks for a new link" })).toBeVisible();
  await ada.locator(".note").getByRole("button", { name: "Make a new link" }).click();
  await expect(ada.getByLabel("Chat link")).toHaveValue(/\/c\//);
  await ada.goto(office.home);
  await expect(row(ada, "Rut")).toHaveCount(0);
  await ada.goto(`${office.home}?view=all`);
  await row(ada, "Rut").click();
  await expect(ada.locator("#head .badge", { hasText: "New link made" })).toBeVisible();
  await expect(ada.locator(".note").getByRole("button")).toBeHidden();
});
