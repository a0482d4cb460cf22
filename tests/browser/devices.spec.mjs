// What stays on a device that several people use: nothing of one is shown to, offered to or sent as another.
import { enter, expect, PHONE, reply, row, said, signIn, test, unsent, write } from "./office.mjs";

const banner = (page) => page.locator("[data-connection]");
const field = (page) => page.getByLabel("Your message");

/** Everything that the browser keeps for our pages, as one text. */
const kept = (page) =>
  page.evaluate(async () => {
    const all = await new Promise((resolve, reject) => {
      const opening = indexedDB.open("hearback");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const { result: database } = opening;
        if (!database.objectStoreNames.length) return resolve([]);
        const asking = database.transaction("unconfirmed").objectStore("unconfirmed").getAll();
        asking.onsuccess = () => resolve(asking.result);
        asking.onerror = () => reject(asking.error);
      };
    });
    return JSON.stringify([all, { ...localStorage }, { ...sessionStorage }]);
  });

async function leave(page) {
  await page.getByLabel("Menu").click();
  await page.getByRole("button", { name: "Leave on this device" }).click();
}

test("a candidate leaves a device: the chat is closed there, with every tab and every text", async ({ office }) => {
  const { links } = await office.project("Librarian", "Mia Falk");
  const mia = await office.candidate(links["Mia Falk"]);
  await write(mia, "My private question");
  await expect(said(mia, "My private question")).toHaveCount(1);
  const elsewhere = await office.candidate(links["Mia Falk"]);
  const tab = await mia.context().newPage();
  await tab.goto(mia.url());
  await expect(said(tab, "My private question")).toHaveCount(1);
  const chat = mia.url();

  // What would be lost is asked about first.
  await field(mia).fill("a thought that nobody else should read");
  await leave(mia);
  await expect(mia.getByRole("dialog")).toContainText("an unfinished draft");
  await mia.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await expect(field(mia)).toHaveValue("a thought that nobody else should read");
  await leave(mia);
  await mia.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await expect(mia.getByRole("heading", { name: "You left the chat" })).toBeVisible();
  await expect(tab.getByRole("heading", { name: "You left the chat" })).toBeVisible();
  expect(await kept(mia)).not.toContain("thought");

  // Neither the history nor the address opens it again; the candidate's own device stays in.
  await mia.goBack();
  await expect(mia.locator("body")).not.toContainText("My private question");
  expect((await mia.goto(chat)).status()).toBe(404);
  await expect(mia.locator("body")).not.toContainText("My private question");
  await write(elsewhere, "from my own phone");
  await expect(said(elsewhere, "from my own phone")).toHaveCount(1);
});

test("a message that is not sent yet is asked about before it is deleted, and kept where leaving fails", async ({ office }) => {
  const { links } = await office.project("Archivist", "Jo Lind");
  const jo = await office.candidate(links["Jo Lind"]);
  await expect(jo.locator("[data-team]")).toHaveText(/./);
  await jo.context().setOffline(true);
  await expect(banner(jo)).toBeVisible();
  await write(jo, "written in the tunnel");
  await expect(unsent(jo, "written in the tunnel")).toHaveCount(1);
  await leave(jo);
  await expect(jo.getByRole("dialog")).toContainText("1 unsent message");
  await jo.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await expect(jo.locator(".toasts")).toContainText("nothing has changed on this device");
  await expect(unsent(jo, "written in the tunnel")).toHaveCount(1);
  await jo.context().setOffline(false);
  await expect(said(jo, "written in the tunnel")).toHaveCount(1);
});

test("without script a candidate leaves by the same form", async ({ office }) => {
  const { links } = await office.project("Printer", "Eli Moor");
  const eli = await (await office.context({ ...PHONE, javaScriptEnabled: false })).newPage();
  await enter(eli, links["Eli Moor"]);
  const chat = eli.url();
  await leave(eli);
  await expect(eli.getByRole("heading", { name: "You left the chat" })).toBeVisible();
  expect((await eli.goto(chat)).status()).toBe(404);
});

test("on a device that is not one's own the chat ends with the browser", async ({ office }) => {
  const { links } = await office.project("Porter", "Sol Brand");
  for (const [shared, expires] of [[false, false], [true, true]]) {
    const page = await (await office.context(PHONE)).newPage();
    await page.goto(links["Sol Brand"]);
    await page.getByLabel("This is not my device").setChecked(shared);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(/\/chat\//);
    const cookie = (await page.context().cookies()).find(({ name }) => name === "hearback_chat");
    expect(cookie.expires === -1).toBe(expires);
  }
});

test("two candidates on one device see and send nothing of each other", async ({ office }) => {
  const { links } = await office.project("Driver", "Ann First", "Ben Second");
  const ann = await office.candidate(links["Ann First"]);
  const annsChat = ann.url();
  await field(ann).fill("a draft of Ann's");
  await ann.context().setOffline(true);
  await expect(banner(ann)).toBeVisible();
  await write(ann, "an unsent message of Ann's");
  await expect(unsent(ann, "of Ann's")).toHaveCount(1);
  await field(ann).fill("a draft of Ann's");
  await expect.poll(() => kept(ann)).toContain("a draft of Ann's");
  const context = ann.context();
  // Her tab is closed before the network is back.
  const ben = await context.newPage();
  await ann.close();
  await context.setOffline(false);

  await enter(ben, links["Ben Second"]);
  await expect(field(ben)).toHaveValue("");
  await write(ben, "hello from Ben");
  await expect(said(ben, "hello from Ben")).toHaveCount(1);
  await expect(ben.locator(".thread > li")).toHaveCount(1);
  const ada = await office.recruiter("Ada");
  await expect(row(ada, "Ben Second")).toContainText("hello from Ben");
  await expect(row(ada, "Ann First")).toHaveCount(0);

  // Ann finds her own again.
  await ben.goto(annsChat);
  await expect(said(ben, "an unsent message of Ann's")).toHaveCount(1);
  await expect(field(ben)).toHaveValue("a draft of Ann's");
});

test("two recruiters at one desk see and send nothing of each other", async ({ office }) => {
  const { links } = await office.project("Clerk", "Cleo Marsh");
  const cleo = await office.candidate(links["Cleo Marsh"]);
  await write(cleo, "Is the job still free?");
  const desk = await (await office.context()).newPage();
  await signIn(desk, office.server.url, office.users.Ada);
  await desk.goto(office.home);
  await row(desk, "Cleo").click();
  await expect(desk).toHaveURL(/\/conversations\//);
  const address = desk.url();
  // A note: a reply would claim the message.
  await desk.getByRole("button", { name: "Note", exact: true }).click();
  await desk.locator("#body").fill("what Ada thinks of Cleo");
  await expect.poll(() => kept(desk)).toContain("what Ada thinks");
  const forgotten = await desk.context().newPage();
  await forgotten.goto(address);
  await expect(forgotten.locator("#body")).toHaveValue("what Ada thinks of Cleo");

  // The cookie becomes Bo's without Ada signing out: the open tab does nothing in Bo's name.
  await desk.context().clearCookies({ name: "hearback_session" });
  const bos = await desk.context().newPage();
  await signIn(bos, office.server.url, office.users.Bo);
  await desk.close();
  await forgotten.context().setOffline(true);
  await expect(banner(forgotten)).toBeVisible();
  await forgotten.getByRole("button", { name: "Reply", exact: true }).click();
  await reply(forgotten, "a reply of Ada's");
  await expect(unsent(forgotten, "a reply of Ada's")).toHaveCount(1);
  await forgotten.context().setOffline(false);
  await expect(banner(forgotten)).toContainText("Someone else has signed in");
  await expect(unsent(forgotten, "a reply of Ada's")).toHaveCount(1);
  await bos.goto(address);
  await expect(bos.locator("#body")).toHaveValue("");
  await reply(bos, "a reply of Bo's");
  await expect(said(cleo, "a reply of Bo's")).toHaveCount(1);
  await expect(said(cleo, "a reply of Ada's")).toHaveCount(0);
  await expect(bos.locator("[data-pending]")).toHaveCount(0);

  // Bo signs out: what is Bo's goes, after a question; what is Ada's waits for Ada.
  await bos.locator("#body").fill("what Bo thinks of Cleo");
  await bos.locator(".topbar .menu > summary").click();
  await bos.getByRole("button", { name: "Sign out" }).click();
  await expect(bos.getByRole("dialog")).toContainText("an unfinished draft");
  await bos.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await expect(bos).toHaveURL(/\/sign-in/);
  expect(await kept(bos)).not.toContain("what Bo thinks");
  await signIn(bos, office.server.url, office.users.Ada);
  await bos.goto(address);
  await expect(said(bos, "a reply of Ada's")).toHaveCount(1);
});

test("texts that an earlier version kept without an owner are dropped, not offered", async ({ office }) => {
  const { links } = await office.project("Cook", "Ida Wells");
  const ida = await office.candidate(links["Ida Wells"]);
  await ida.evaluate(() => {
    const conversation = location.pathname.split("/").pop();
    localStorage.setItem(`draft:${conversation}`, "somebody's old draft");
  });
  await ida.reload();
  await expect(ida.locator("[data-team]")).toHaveText(/here|Aims/);
  await expect(field(ida)).toHaveValue("");
  expect(await kept(ida)).not.toContain("old draft");
});
