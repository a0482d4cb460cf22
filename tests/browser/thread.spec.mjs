import { expect, reply, row, said, test, unsent, write } from "./office.mjs";

test("a candidate writes, a recruiter takes it and answers, both live", async ({ office }) => {
  const { links } = await office.project("Shift Lead", "Mira Novak");
  const ada = await office.recruiter("Ada");
  await expect(row(ada, "Mira")).toHaveCount(0);

  const mira = await office.candidate(links["Mira Novak"]);
  await write(mira, "Is the early shift still free?");
  await expect(said(mira, "early shift")).toHaveCount(1);
  await expect(unsent(mira, "early shift")).toHaveCount(0);

  await expect(row(ada, "Mira")).toContainText("1 unanswered");
  await expect(row(ada, "Mira")).toContainText("early shift");
  await ada.getByRole("button", { name: "Next" }).click();
  await expect(ada).toHaveURL(/\/conversations\//);
  await expect(said(ada, "early shift")).toHaveCount(1);
  await expect(ada.locator("#head")).toContainText("You hold this");
  await expect(said(mira, "early shift").locator(".message__read")).toBeVisible();

  await ada.locator("#body").pressSequentially("Yes, from ");
  await expect(mira.locator("[data-typing]")).toHaveText("Ada is writing");
  await reply(ada, "Yes, from March on. Shall we talk on Monday?");
  await expect(said(mira, "Shall we talk")).toHaveCount(1);
  await expect(mira.locator("[data-typing]")).toHaveText("");
  await expect(said(ada, "Shall we talk")).toHaveCount(1);
  await expect(ada.locator("#head")).toContainText("Answered");
  await expect(row(ada, "Mira")).toHaveCount(0);
  await expect(ada.locator("#body")).toHaveValue("");

  await write(mira, "Monday is fine");
  await expect(said(ada, "Monday is fine")).toHaveCount(1);
  await expect(ada.locator(".thread > .message[data-seq]")).toHaveCount(3);
});

test("an announcement reaches each candidate live, and no one sees who else got it", async ({ office }) => {
  const { address, links } = await office.project("Driver", "Ivo Hart", "Zoe Quist");
  const ivo = await office.candidate(links["Ivo Hart"]);
  const zoe = await office.candidate(links["Zoe Quist"]);
  const ada = await office.recruiter("Ada");
  await ada.goto(address);
  await ada.getByLabel("Text", { exact: true }).fill("The open day is on Friday.");
  await ada.getByRole("button", { name: "See who gets it" }).click();
  await expect(ada.getByText("This goes to 2 candidates")).toBeVisible();
  await ada.getByRole("button", { name: "Announce it" }).click();
  for (const [page, other] of [[ivo, "Zoe"], [zoe, "Ivo"]]) {
    await expect(page.locator(".announcement")).toContainText("The open day is on Friday.");
    expect(await page.content()).not.toContain(other);
  }
});
