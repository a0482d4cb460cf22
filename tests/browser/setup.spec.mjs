import { expect, test } from "@playwright/test";
import { barriers } from "./axe.mjs";
import { signIn } from "./office.mjs";
import { Server } from "./server.mjs";

const PASSWORD = "four words of my own";

test("from the first start to an owner at work, by pages alone; then the operator ends it all at once", async ({ browser }) => {
  const server = await Server.start();
  try {
    const operator = await (await browser.newContext()).newPage();
    await expect.poll(() => server.setupAddress).toBeTruthy();
    await operator.goto(server.setupAddress);
    expect(await barriers(operator)).toEqual([]);
    await operator.getByLabel("Your name").fill("Olga Lind");
    await operator.getByLabel("E-mail").fill("olga@firm.example");
    await operator.getByLabel("Password").fill(PASSWORD);
    await operator.locator("main form button").click();
    await operator.waitForURL(/\/sign-in/);
    await signIn(operator, server.url, { email: "olga@firm.example", password: PASSWORD });
    await operator.goto(`${server.url}/admin`);
    await operator.getByText("Create an organization").click();
    await operator.locator("#organization-name").fill("North Works");
    await operator.locator("#organization-slug").fill("north");
    await operator.locator("#organization-slug").press("Enter");
    await expect(operator.locator("#organizations")).toContainText("North Works");
    await operator.getByText("Create a user").click();
    await operator.locator("#user-name").fill("Owen Reed");
    await operator.locator("#user-email").fill("owen@north.example");
    await operator.locator("#user-organization").selectOption("North Works");
    await operator.locator("#user-role").selectOption("owner");
    await operator.locator("#user-email").press("Enter");
    const invitation = await operator.getByLabel("Give this address").inputValue();

    // The first address works once.
    const late = await (await browser.newContext()).newPage();
    await late.goto(server.setupAddress);
    await expect(late.getByLabel("Password")).toHaveCount(0);

    const owner = await (await browser.newContext()).newPage();
    await owner.goto(invitation);
    expect(await barriers(owner)).toEqual([]);
    await owner.getByLabel("Password").fill(PASSWORD);
    await owner.locator("main form button").click();
    await owner.waitForURL(/\/sign-in/);
    await signIn(owner, server.url, { email: "owen@north.example", password: PASSWORD });
    await owner.goto(`${server.url}/o/north`);
    await expect(owner.locator("#list-head")).toContainText("Waiting");
    expect(await barriers(owner), "an organization with nothing in it").toEqual([]);

    // The operator sees the browser come in, and ends it: the page is told at once, not by its next request.
    await expect(operator.locator("#namespaces")).toContainText("/org/north");
    await operator.reload();
    await operator.locator("#session-list > li", { hasText: "Owen Reed" }).getByRole("button", { name: "End this one" }).click();
    await operator.getByRole("dialog").getByRole("button", { name: "End it" }).click();
    await expect(owner.locator("[data-connection]")).toBeVisible();
    await expect(operator.locator("#session-list > li", { hasText: "Owen Reed" })).toHaveCount(0);
    await owner.reload();
    await expect(owner).toHaveURL(/\/sign-in/);
  } finally {
    await server.remove();
  }
});
