import { expect, PHONE, reply, row, said, test, write } from "./office.mjs";

test("a recruiter on a telephone: list, conversation and facts one at a time", async ({ office }) => {
  const { links } = await office.project("Plumber", "Ria Kern");
  const ria = await office.candidate(links["Ria Kern"]);
  await write(ria, "Which tools shall I bring?");
  const ada = await office.recruiter("Ada", PHONE);
  await expect(ada.locator("#head")).toHaveCount(0);
  await row(ada, "Ria").tap();
  await expect(ada.locator("#rows")).toBeHidden();
  await expect(said(ada, "Which tools")).toBeInViewport();
  await expect(ada.locator("#body")).toBeInViewport();
  await ada.getByLabel("About the candidate").first().tap();
  await expect(ada.locator("#facts")).toBeInViewport();
  await ada.getByLabel("About the candidate").first().tap();
  await reply(ada, "None, we have all of them");
  await expect(said(ria, "all of them")).toHaveCount(1);
  await ada.getByLabel("Back to the list").tap();
  await expect(ada.locator("#rows")).toBeVisible();
  await expect(ada.locator("#rows")).toContainText(/.+/);
});

test("with a long thread the newest message is in view, and reading further up is not disturbed", async ({ office }) => {
  const { links } = await office.project("Porter", "Noa Lux");
  const noa = await office.candidate(links["Noa Lux"]);
  for (let at = 1; at <= 12; at += 1) await write(noa, `message ${at}\nwith a second line\nand a third`);
  await expect(said(noa, "message 12")).toBeInViewport();
  await noa.reload();
  await expect(said(noa, "message 12")).toBeInViewport();
  await said(noa, "message 1\n").first().scrollIntoViewIfNeeded();
  const ada = await office.recruiter("Ada");
  await row(ada, "Noa").click();
  await reply(ada, "That was a lot");
  await expect(said(noa, "That was a lot")).toHaveCount(1);
  await expect(said(noa, "That was a lot")).not.toBeInViewport();
  await noa.getByRole("button", { name: "New message" }).tap();
  await expect(said(noa, "That was a lot")).toBeInViewport();
});

test("nothing moves under a hand", async ({ office }) => {
  const { links } = await office.project("Sailor", "Ali Ahoi", "Bea Boot");
  const [ali, bea] = [await office.candidate(links["Ali Ahoi"]), await office.candidate(links["Bea Boot"])];
  await write(bea, "I was first");
  await expect(said(bea, "I was first")).toHaveCount(1);
  await write(ali, "I came second");
  const ada = await office.recruiter("Ada");
  const bo = await office.recruiter("Bo");
  await expect(row(ada, "Ali")).toHaveCount(1);
  const names = () => ada.locator("#rows .row__name").allTextContents().then((all) => all.map((name) => name.trim().split(" ")[0]));
  expect(await names()).toEqual(["Bea", "Ali"]);
  // A hand that stays in motion over the list, while the other recruiter answers its first entry.
  const { x, y } = await row(ada, "Bea").boundingBox();
  let answered = false;
  const acts = (async () => {
    await row(bo, "Bea").click();
    await reply(bo, "And are answered first");
    await expect(row(bo, "Bea")).toHaveCount(0);
    answered = true;
  })();
  for (let step = 0; !answered; step += 1) {
    await ada.mouse.move(x + 20 + (step % 10), y + 20);
    expect(await names()).toEqual(["Bea", "Ali"]);
  }
  await acts;
  await ada.mouse.move(900, 400);
  await expect.poll(names).toEqual(["Ali"]);
});

test("a long list goes on behind its end, with the rest of the page as it was", async ({ office }) => {
  await office.project("Glazier", "Abe One", "Abe Two", "Abe Three");
  const ada = await office.recruiter("Ada");
  await ada.goto(`${office.home}?view=all&limit=2`);
  await expect(ada.locator("#rows [data-conversation]")).toHaveCount(2);
  await ada.getByRole("link", { name: "Show more" }).click();
  await expect(row(ada, "Abe One")).toHaveCount(1);
  await expect(row(ada, "Abe Three")).toHaveCount(1);
});

test("tomorrow at nine is the recruiter's own", async ({ office }) => {
  const { links } = await office.project("Roaster", "Ida Post");
  const ida = await office.candidate(links["Ida Post"]);
  await write(ida, "Any news?");
  const ada = await office.recruiter("Ada", { timezoneId: "Asia/Tokyo" });
  await row(ada, "Ida").click();
  await ada.locator("#head summary", { hasText: "Snooze" }).click();
  await ada.getByRole("button", { name: "Tomorrow, 9:00", exact: true }).click();
  const until = ada.locator("#head .badge", { hasText: "Snoozed" }).locator("time");
  await expect(until).toHaveAttribute("datetime", /T00:00:00\.000Z$/);
});
