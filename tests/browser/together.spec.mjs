import { expect, reply, row, said, test, write } from "./office.mjs";

test("two recruiters take the same message: one holds it, the other is asked before taking over", async ({ office }) => {
  const { links } = await office.project("Baker", "Lena Ost");
  const [ada, bo] = [await office.recruiter("Ada"), await office.recruiter("Bo")];
  const lena = await office.candidate(links["Lena Ost"]);
  await write(lena, "When do I start?");
  for (const page of [ada, bo]) await expect(row(page, "Lena")).toHaveCount(1);

  // Both press Next at once: exactly one gets it.
  await Promise.all([ada, bo].map((page) => page.getByRole("button", { name: "Next" }).click()));
  const holds = async (page) => /\/conversations\//.test(page.url()) && (await page.locator("#head").textContent()).includes("You hold this");
  await expect.poll(async () => (await Promise.all([ada, bo].map(holds))).filter(Boolean).length).toBe(1);
  const [first, second, holder] = (await holds(ada)) ? [ada, bo, "Ada"] : [bo, ada, "Bo"];

  await expect(row(second, "Lena")).toContainText(holder);
  await row(second, "Lena").click();
  await expect(second.locator("#head")).toContainText(`${holder} holds this`);
  const other = holder === "Ada" ? "Bo" : "Ada";
  await expect(first.locator("[data-viewers]")).toHaveText(`Also here: ${other}`);
  await expect(second.locator("[data-viewers]")).toHaveText(`Also here: ${holder}`);
  await first.locator("#body").pressSequentially("On");
  await expect(second.locator("[data-typing]")).toHaveText(`${holder} is typing`);

  // Saying no leaves the claim where it is.
  await second.getByRole("button", { name: "Take over" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await expect(second.locator("#head")).toContainText(`${holder} holds this`);
  await second.getByRole("button", { name: "Take over" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Take over" }).click();
  await expect(second.locator("#head")).toContainText("You hold this");
  await expect(first.locator("#head")).toContainText(`${other} holds this`);
});

test("a reply to what another holds is kept, and sent only after taking over", async ({ office }) => {
  const { links } = await office.project("Cook", "Timo Rau");
  const timo = await office.candidate(links["Timo Rau"]);
  await write(timo, "Which kitchen is it?");
  const [ada, bo] = [await office.recruiter("Ada"), await office.recruiter("Bo")];
  await row(ada, "Timo").click();
  await ada.getByRole("button", { name: "Claim" }).click();
  await expect(ada.locator("#head")).toContainText("You hold this");

  await row(bo, "Timo").click();
  await expect(bo.locator("#head")).toContainText("Ada holds this");
  await reply(bo, "The one in the old town");
  await bo.getByRole("dialog").getByRole("button", { name: "Not now" }).click();
  await expect(bo.locator(".message--failed")).toContainText("The one in the old town");
  await expect(said(timo, "old town")).toHaveCount(0);

  // It survives a reload, and goes out once by the button that says what it does.
  await bo.reload();
  await expect(bo.locator(".message--failed")).toContainText("The one in the old town");
  await bo.locator(".message--failed").getByRole("button", { name: "Take over and send" }).click();
  await expect(said(bo, "old town")).toHaveCount(1);
  await expect(bo.locator(".message--failed")).toHaveCount(0);
  await expect(said(timo, "old town")).toHaveCount(1);
  await expect(ada.locator("#head")).toContainText("Answered");
});

test("a note is seen by the team at once and by the candidate never", async ({ office }) => {
  const { links } = await office.project("Nurse", "Ana Weil");
  const ana = await office.candidate(links["Ana Weil"]);
  await write(ana, "I can send my papers");
  const [ada, bo] = [await office.recruiter("Ada"), await office.recruiter("Bo")];
  for (const page of [ada, bo]) await row(page, "Ana").click();
  await expect(ada.locator("[data-viewers]")).toHaveText("Also here: Bo");
  await ada.getByRole("button", { name: "Note", exact: true }).click();
  await reply(ada, "Papers are complete already");
  for (const page of [ada, bo]) await expect(page.locator(".note[data-note-seq]", { hasText: "complete already" })).toHaveCount(1);
  await expect(ada.locator("#head")).not.toContainText("Answered");
  await reply(ada, "Thank you, we have them");
  await expect(said(ana, "we have them")).toHaveCount(1);
  await ana.reload();
  await expect(said(ana, "we have them")).toHaveCount(1);
  expect(await ana.content()).not.toContain("complete already");
});
