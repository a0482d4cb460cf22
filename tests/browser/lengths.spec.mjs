// A text that is too long is kept whole, and the page says by how much.
import { enter, expect, PHONE, row, said, test } from "./office.mjs";

const MOST = 10_000;
/** Characters that take two units in a browser's strings and count as one. */
const long = (more) => `${"🙂".repeat(20)}${"a".repeat(MOST - 20 + more)}`;

test("a paste that is too long is neither cut nor sent", async ({ office }) => {
  const { links } = await office.project("Novelist", "Leo Lang");
  const leo = await office.candidate(links["Leo Lang"]);
  const ada = await office.recruiter("Ada");
  await ada.goto(`${office.home}?view=all`);
  await row(ada, "Leo").click();
  const sides = [
    [leo, leo.getByLabel("Your message"), leo.getByRole("button", { name: "Send", exact: true })],
    [ada, ada.locator("#body"), ada.locator("[data-send=reply]")],
  ];
  for (const [page, field, send] of sides) {
    const line = page.locator("[data-excess]");
    await field.fill(long(2000));
    await expect(line).toHaveText("Too long by 2,000 characters. Shorten it, or send it in parts.");
    await send.click();
    await expect(field).toHaveValue(long(2000));
    await expect(page.locator(".thread [data-pending]")).toHaveCount(0);
    await page.reload();
    await expect(field).toHaveValue(long(2000));
    await expect(line).toBeVisible();
    await field.fill(long(0));
    await expect(line).toBeHidden();
    await send.click();
    await expect(field).toHaveValue("");
  }
  for (const page of [leo, ada]) {
    await expect(said(page, "aaaa")).toHaveCount(2);
    await expect(page.locator("[data-pending]")).toHaveCount(0);
  }
});

test("without script a text that is too long stands in the field again", async ({ office }) => {
  const { links } = await office.project("Novelist", "Ola Kurz");
  const ola = await (await office.context({ ...PHONE, javaScriptEnabled: false })).newPage();
  await enter(ola, links["Ola Kurz"]);
  await ola.getByLabel("Your message").fill(long(1));
  await ola.getByRole("button", { name: "Send" }).click();
  await expect(ola.getByRole("alert")).toContainText("10,000 characters");
  await expect(ola.getByLabel("Your message")).toHaveValue(long(1));
  const ada = await office.recruiter("Ada", { javaScriptEnabled: false });
  await ada.goto(`${office.home}?view=all`);
  await row(ada, "Ola").getByRole("link").click();
  for (const button of ["Send reply", "Keep as team note"]) {
    await ada.locator("#body").fill(long(1));
    await ada.getByRole("button", { name: button }).click();
    await expect(ada.getByRole("alert")).toContainText("10,000 characters");
    await expect(ada.locator("#body")).toHaveValue(long(1));
  }
});
