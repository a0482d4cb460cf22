import { enter, expect, PHONE, row, said, test, write } from "./office.mjs";

test("looking at a chat link changes nothing: mail scanners press no button", async ({ office }) => {
  const { address, links } = await office.project("Mover", "Gil Aden");
  const link = links["Gil Aden"];
  const scanner = await office.context();
  for (const method of ["head", "get", "get"]) {
    const answer = await scanner.request[method](link);
    expect(answer.status()).toBe(200);
    expect(answer.headers()["cache-control"]).toContain("no-store");
    expect(answer.headers()["referrer-policy"]).toBe("no-referrer");
  }
  expect((await scanner.cookies()).map(({ name }) => name)).not.toContain("hearback_chat");
  const gil = await (await office.context(PHONE)).newPage();
  await gil.goto(link);
  for (const words of ["Firm", "Mover", "Ada"]) await expect(gil.locator("main")).toContainText(words);
  const ada = await office.recruiter("Ada");
  await ada.goto(address);
  await ada.getByRole("link", { name: /Gil Aden/ }).click();
  await expect(ada.locator("#head")).toBeVisible();
  await expect(ada.locator("[data-candidate-here]")).toHaveText("");
  await gil.getByRole("button", { name: "Continue" }).click();
  await expect(ada.locator("[data-candidate-here]")).toHaveText("Candidate is online");
});

test("ending a link ends the open chat at once, and the dead link shows a way on", async ({ office }) => {
  const { links } = await office.project("Welder", "Rut Sand");
  const rut = await office.candidate(links["Rut Sand"]);
  await write(rut, "Good morning");
  await expect(said(rut, "Good morning")).toHaveCount(1);
  const ada = await office.recruiter("Ada");
  await row(ada, "Rut").click();
  await rut.getByLabel("Your message").fill("what I was about to say");
  await ada.getByRole("button", { name: "End link" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "End the link" }).click();
  await expect(rut.locator("[data-connection]")).toContainText("This chat link has been ended.", { timeout: 3000 });
  await expect(rut.getByLabel("Your message")).toHaveValue("what I was about to say");
  await rut.reload();
  await expect(rut.locator("body")).not.toContainText("Good morning");

  await rut.goto(links["Rut Sand"]);
  await expect(rut.getByRole("button", { name: "Continue" })).toHaveCount(0);
  await rut.getByRole("button", { name: "Ask for a new link" }).click();
  await expect(rut.getByText("We have told the hiring team")).toBeVisible();

  // The new link opens the same chat, with what was being written.
  await ada.reload();
  await ada.getByRole("button", { name: "New link", exact: true }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Make a new link" }).click();
  await enter(rut, await ada.getByLabel("Chat link").inputValue());
  await expect(said(rut, "Good morning")).toHaveCount(1);
  await expect(rut.getByLabel("Your message")).toHaveValue("what I was about to say");
});

test("what somebody agrees to is done, also when news arrives while the question stands", async ({ office }) => {
  const { links } = await office.project("Joiner", "Ole Hart");
  const ole = await office.candidate(links["Ole Hart"]);
  const ada = await office.recruiter("Ada");
  await ada.goto(`${office.home}?view=all`);
  await row(ada, "Ole").click();
  await expect(ada.locator("#head h1")).toHaveText("Ole Hart");
  await ada.locator("#facts").evaluate((facts) => (facts.dataset.drawn = "before"));
  await ada.getByRole("button", { name: "New link", exact: true }).click();
  await write(ole, "One more question");
  await expect(ada.locator("#facts[data-drawn]")).toHaveCount(0);
  await ada.getByRole("dialog").getByRole("button", { name: "Make a new link" }).click();
  await expect(ada.getByLabel("Chat link")).toHaveValue(/\/c\//);
});

test("a link opens one conversation and nothing else", async ({ office }) => {
  const { links } = await office.project("Roofer", "Sam Birk", "Tea Lind");
  const [sam, tea] = [await office.candidate(links["Sam Birk"]), await office.candidate(links["Tea Lind"])];
  await write(tea, "only for the team");
  await expect(said(tea, "only for the team")).toHaveCount(1);
  const answer = await sam.goto(tea.url());
  expect(answer.status()).toBeGreaterThanOrEqual(400);
  await expect(sam.locator("body")).not.toContainText("only for the team");
  const nothing = await sam.goto(links["Sam Birk"].slice(0, -4) + "AAAA");
  expect(nothing.status()).toBe(404);
});
