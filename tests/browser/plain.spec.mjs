// Without JavaScript: what is there before it arrives, or where it never does.
import { enter, expect, PHONE, said, test } from "./office.mjs";

test("without script a candidate reads and writes, a recruiter reads, claims, notes and replies", async ({ office }) => {
  const { links } = await office.project("Tiler", "Pia Gerst");
  const pia = await (await office.context({ ...PHONE, javaScriptEnabled: false })).newPage();
  await enter(pia, links["Pia Gerst"]);
  await pia.getByLabel("Your message").fill("I have a question\nabout the hours");
  // An impatient thumb sends the form twice; it is one message.
  await pia.getByRole("button", { name: "Send" }).dblclick();
  await expect(said(pia, "about the hours")).toHaveCount(1);

  const ada = await office.recruiter("Ada", { javaScriptEnabled: false });
  await expect(ada.locator("#rows > li")).toContainText("Pia Gerst");
  await ada.getByRole("button", { name: "Next" }).click();
  await expect(ada.locator("#head")).toContainText("You hold this");
  await ada.getByRole("button", { name: "Give back" }).click();
  await ada.getByRole("button", { name: "Claim" }).click();
  await expect(ada.locator("#head")).toContainText("You hold this");
  await ada.locator("#body").fill("asks about hours");
  await ada.getByRole("button", { name: "Keep as team note" }).click();
  await expect(ada.locator(".note")).toContainText("asks about hours");
  await ada.locator("#body").fill("From eight to four");
  await ada.getByRole("button", { name: "Send reply" }).click();
  await expect(said(ada, "eight to four")).toHaveCount(1);
  await expect(ada.locator("#head")).toContainText("Answered");

  await pia.getByRole("link", { name: "Look for new messages" }).click();
  await expect(said(pia, "eight to four")).toHaveCount(1);
  await expect(pia.locator("body")).not.toContainText("asks about hours");
});

test("without script a refused reply gives the text back and says how to go on", async ({ office }) => {
  const { links } = await office.project("Mason", "Jan Ruf");
  const jan = await office.candidate(links["Jan Ruf"]);
  await jan.getByLabel("Your message").fill("Hi");
  await jan.getByRole("button", { name: "Send" }).click();
  await expect(said(jan, "Hi")).toHaveCount(1);
  const ada = await office.recruiter("Ada", { javaScriptEnabled: false });
  await ada.getByRole("button", { name: "Next" }).click();
  const bo = await office.recruiter("Bo", { javaScriptEnabled: false });
  await bo.goto(ada.url());
  await bo.locator("#body").fill("Hello Jan");
  await bo.getByRole("button", { name: "Send reply" }).click();
  await expect(bo.locator("#body")).toHaveValue("Hello Jan");
  await bo.getByLabel("Take over").check();
  await bo.getByRole("button", { name: "Send reply" }).click();
  await expect(said(bo, "Hello Jan")).toHaveCount(1);
  await expect(said(jan, "Hello Jan")).toHaveCount(1);
});
