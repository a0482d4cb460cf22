// The line under a chat's title says one thing, and it is true.
import { headline } from "../../assets/js/chat/headline.js";
import { expect, test } from "./office.mjs";

const line = (page) => page.locator("[data-team]");

test("the line says what matters most of everything that is so", () => {
  const hours = "Aims to answer within 4 hours";
  const order = [
    ["closed", "Closed on 28 November"],
    ["ended", "This link has ended"],
    ["offline", "You're offline"],
    ["present", "The team is here now"],
  ];
  for (let bits = 0; bits < 2 ** order.length; bits += 1) {
    const facts = { hours, closedOn: "2026-11-28T12:00:00.000Z" };
    for (const [at, [fact]] of order.entries()) facts[fact] = Boolean(bits & (1 << at));
    const [, expected] = order.find(([fact]) => facts[fact]) ?? ["hours", hours];
    expect(headline(facts), JSON.stringify(facts)).toBe(expected);
  }
});

test("the line follows what happens: away, here, offline, closed, ended", async ({ office }) => {
  const { address, links } = await office.project("Herald", "Gus Line");
  const gus = await office.candidate(links["Gus Line"]);
  await expect(line(gus)).toHaveText(/^Aims to answer within/);
  const ada = await office.recruiter("Ada");
  await expect(line(gus)).toHaveText("The team is here now");
  await gus.context().setOffline(true);
  await expect(line(gus)).toHaveText("You're offline");
  await gus.context().setOffline(false);
  await expect(line(gus)).toHaveText("The team is here now");
  await ada.goto(address);
  await ada.getByRole("button", { name: "Close the project" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Close the project" }).click();
  const today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "Europe/Vienna" });
  await expect(line(gus)).toHaveText(`Closed on ${today}`);
  await gus.context().setOffline(true);
  await expect(line(gus)).toHaveText(`Closed on ${today}`);
  await gus.context().setOffline(false);
  await gus.reload();
  await expect(line(gus)).toHaveText(`Closed on ${today}`);
  await ada.getByRole("button", { name: "Open the project again" }).click();
  await expect(line(gus)).toHaveText(/^Aims to answer within/);
  await ada.getByRole("link", { name: /Gus Line/ }).click();
  await ada.getByRole("button", { name: "End link" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "End the link" }).click();
  await expect(line(gus)).toHaveText("This link has ended");
});

test("without script a closed chat says since when", async ({ office }) => {
  const { address, links } = await office.project("Herald", "Nell Shut");
  const nell = await office.candidate(links["Nell Shut"], { javaScriptEnabled: false });
  await expect(line(nell)).toHaveText(/^Aims to answer within/);
  const ada = await office.recruiter("Ada");
  await ada.goto(address);
  await ada.getByRole("button", { name: "Close the project" }).click();
  await ada.getByRole("dialog").getByRole("button", { name: "Close the project" }).click();
  await expect(ada.getByRole("button", { name: "Open the project again" })).toBeVisible();
  await nell.reload();
  await expect(line(nell)).toHaveText(/^Closed on \d+ [A-Z][a-z]+$/);
});
