import { expect, said, test, unsent, write } from "./office.mjs";

test("a candidate sees at once that a project is closed, and that it is open again", async ({ office }) => {
  const { address, links } = await office.project("Porter", "Mira Novak");
  const mira = await office.candidate(links["Mira Novak"]);
  const ada = await office.recruiter("Ada");
  await write(mira, "Good morning");
  await expect(said(mira, "Good morning")).toHaveCount(1);
  await expect(unsent(mira, "Good morning")).toHaveCount(0);
  await mira.getByLabel("Your message").fill("half a sentence");
  await ada.goto(address);
  await ada.getByRole("button", { name: "Close the project" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Close the project" }).click();
  await expect(mira.locator("[data-closed]")).toBeVisible();
  await expect(mira.getByLabel("Your message")).toHaveCount(0);
  await ada.getByRole("button", { name: "Open the project again" }).click();
  await expect(mira.getByLabel("Your message")).toHaveValue("half a sentence");
  await expect(mira.locator("[data-closed]")).toBeHidden();
});

test("a candidate who was away while the project was closed, or opened again, sees it on coming back", async ({ office }) => {
  const { address, links } = await office.project("Porter", "Mira Novak");
  const mira = await office.candidate(links["Mira Novak"]);
  const ada = await office.recruiter("Ada");
  await expect(mira.locator("[data-team]")).toHaveText(/here now/);
  const away = async (act) => {
    await mira.context().setOffline(true);
    await expect(mira.locator("[data-connection]")).toBeVisible();
    await act();
    await mira.context().setOffline(false);
  };
  await ada.goto(address);
  await away(async () => {
    await ada.getByRole("button", { name: "Close the project" }).click();
    await ada.getByRole("dialog").getByRole("button", { name: "Close the project" }).click();
    await expect(ada.getByRole("button", { name: "Open the project again" })).toBeVisible();
  });
  await expect(mira.locator("[data-closed]")).toBeVisible();
  await expect(mira.getByLabel("Your message")).toHaveCount(0);
  await away(async () => {
    await ada.getByRole("button", { name: "Open the project again" }).click();
    await expect(ada.getByRole("button", { name: "Close the project" })).toBeVisible();
  });
  await expect(mira.getByLabel("Your message")).toBeVisible();
  await expect(mira.locator("[data-closed]")).toBeHidden();
});

test("what was written offline in two tabs is sent once, in the order of writing", async ({ office }) => {
  const { links } = await office.project("Porter", "Mira Novak");
  const one = await office.candidate(links["Mira Novak"]);
  const two = await one.context().newPage();
  await two.goto(one.url());
  await one.context().setOffline(true);
  for (const page of [one, two]) await expect(page.locator("[data-connection]")).toBeVisible();
  const texts = ["first", "second", "third", "fourth"];
  for (const [at, text] of texts.entries()) {
    const page = at % 2 ? two : one;
    await write(page, text);
    await expect(unsent(page, text)).toHaveCount(1);
  }
  await one.context().setOffline(false);
  for (const page of [one, two]) {
    await expect(page.locator(".thread > .message[data-seq] .message__body")).toHaveText(texts);
    await expect(page.locator(".thread > [data-pending]")).toHaveCount(0);
  }
});
