import { barriers } from "./axe.mjs";
import { expect, said, test, write } from "./office.mjs";

const PASSWORD = "a walk in the rain";

/** Invites an address by Ada's settings; answers the link. */
async function invite(ada, home, email) {
  await ada.goto(`${home}/settings`);
  await ada.locator("#invite-name").fill("Nora");
  await ada.locator("#invite-email").fill(email);
  await ada.getByRole("button", { name: "Create invitation link" }).click();
  return ada.locator("#shown-secret").inputValue();
}

test("an invited person chooses a password by keyboard, signs in and is a member", async ({ office }) => {
  const ada = await office.recruiter("Ada");
  const email = `nora@${office.slug}.example`;
  const link = await invite(ada, office.home, email);
  const row = ada.locator("tr", { hasText: email });
  await expect(row).toContainText("Invited");
  const nora = await (await office.context()).newPage();
  await nora.goto(link);
  expect(await barriers(nora)).toEqual([]);
  await nora.getByLabel("New password").focus();
  await nora.keyboard.type(PASSWORD);
  await nora.keyboard.press("Enter");
  await nora.waitForURL(/\/sign-in/);
  await nora.getByLabel("E-mail").fill(email);
  await nora.getByLabel("Password").fill(PASSWORD);
  await nora.keyboard.press("Enter");
  await nora.waitForURL(new RegExp(`/o/${office.slug}`));
  await ada.goto(`${office.home}/settings`);
  await expect(row).toHaveCount(1);
  await expect(row).not.toContainText("Invited");
});

test("a person who is signed in as another one signs out, signs in and accepts", async ({ office, server }) => {
  const other = await server.organization({ Cleo: "owner" });
  const ada = await office.recruiter("Ada");
  const link = await invite(ada, office.home, other.users.Cleo.email);
  const bo = await office.recruiter("Bo");
  await bo.goto(link);
  expect(await barriers(bo)).toEqual([]);
  await bo.locator("main").getByRole("button", { name: "Sign out" }).click();
  await expect(bo.getByRole("heading", { name: "Sign in to accept" })).toBeVisible();
  expect(await barriers(bo)).toEqual([]);
  await bo.getByLabel("Your password").fill(other.users.Cleo.password);
  await bo.getByRole("button", { name: "Sign in" }).click();
  await bo.getByRole("button", { name: "Accept invitation" }).click();
  await bo.waitForURL(new RegExp(`/o/${office.slug}$`));
});

test("a member whose role is lowered sees the page again in the new role", async ({ office }) => {
  const { links } = await office.project("Baker", "Lena Ost");
  const lena = await office.candidate(links["Lena Ost"]);
  await write(lena, "When do I start?");
  const bo = await office.recruiter("Bo");
  await bo.goto(`${office.home}?view=all`);
  await bo.locator("#rows a").first().click();
  await expect(said(bo, "When do I start?")).toHaveCount(1);
  await expect(bo.locator("#body")).toBeVisible();
  const ada = await office.recruiter("Ada");
  await ada.goto(`${office.home}/settings`);
  const row = ada.locator("tr", { hasText: "bo@" });
  await row.getByRole("combobox").selectOption("viewer");
  await row.getByRole("button", { name: "Save" }).click();
  await expect(bo.locator("#body")).toHaveCount(0);
  await expect(said(bo, "When do I start?")).toHaveCount(1);
  await expect(bo.locator("[data-connection]")).toBeHidden();
});
