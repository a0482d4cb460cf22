import { expect, reply, row, said, test, unsent, write } from "./office.mjs";

const banner = (page) => page.locator("[data-connection]");

test("without a network the candidate's text is kept over a reload's loss and sent by itself, once", async ({ office }) => {
  const { links } = await office.project("Clerk", "Ole Brandt");
  const ole = await office.candidate(links["Ole Brandt"]);
  await write(ole, "first");
  await expect(said(ole, "first")).toHaveCount(1);
  await ole.context().setOffline(true);
  await write(ole, "second, written in a tunnel");
  await write(ole, "third, in the same tunnel");
  await expect(unsent(ole, "second")).toContainText("kept on this device");
  await expect(banner(ole)).toBeVisible();
  await ole.context().setOffline(false);
  await expect(said(ole, "third")).toHaveCount(1);
  await expect(banner(ole)).toBeHidden();
  await expect(ole.locator("[data-pending]")).toHaveCount(0);
  await ole.reload();
  await expect(ole.locator(".thread > .message .message__body")).toHaveText(["first", "second, written in a tunnel", "third, in the same tunnel"]);
});

test("a reload between sending and the answer neither loses nor doubles", async ({ office }) => {
  const { links } = await office.project("Guard", "Uwe Zand");
  const uwe = await office.candidate(links["Uwe Zand"]);
  await expect(uwe.locator("[data-team]")).toHaveText(/./);
  // Everything the server sends is held back: the post arrives there, its answer never does.
  let holds = false;
  await uwe.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => server.send(data));
    server.onMessage((data) => holds || socket.send(data));
  });
  await uwe.reload();
  await write(uwe, "before");
  await expect(said(uwe, "before")).toHaveCount(1);
  const ada = await office.recruiter("Ada");
  await row(ada, "Uwe").click();
  await expect(said(ada, "before")).toHaveCount(1);
  holds = true;
  await write(uwe, "did this arrive?");
  await expect(said(ada, "did this arrive?")).toHaveCount(1);
  await expect(unsent(uwe, "did this arrive?")).toHaveCount(1);
  await uwe.reload();
  holds = false;
  await uwe.reload();
  await expect(said(uwe, "did this arrive?")).toHaveCount(1);
  await expect(uwe.locator("[data-pending]")).toHaveCount(0);
  await expect(said(ada, "did this arrive?")).toHaveCount(1);
  await write(uwe, "after");
  await expect(said(ada, "after")).toHaveCount(1);
  await expect(ada.locator(".thread > .message")).toHaveCount(3);
});

test("a draft outlives the tab, on both sides", async ({ office }) => {
  const { links } = await office.project("Usher", "Kim Dorn");
  const kim = await office.candidate(links["Kim Dorn"]);
  await write(kim, "Hello");
  await expect(said(kim, "Hello")).toHaveCount(1);
  await kim.getByLabel("Your message").fill("half a thought");
  const again = await kim.context().newPage();
  await kim.close();
  await again.goto(kim.url());
  await expect(again.getByLabel("Your message")).toHaveValue("half a thought");

  const ada = await office.recruiter("Ada");
  await row(ada, "Kim").click();
  await ada.locator("#body").fill("half an answer");
  await ada.reload();
  await expect(ada.locator("#body")).toHaveValue("half an answer");
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`a server that goes by ${signal} and comes back loses nothing and doubles nothing`, async ({ office, server }) => {
    const { links } = await office.project("Pilot", "Eva Lund");
    const eva = await office.candidate(links["Eva Lund"]);
    await write(eva, "Are you there?");
    const ada = await office.recruiter("Ada");
    await row(ada, "Eva").click();
    await expect(said(ada, "Are you there?")).toHaveCount(1);
    await server.stop(signal);
    try {
      await write(eva, "Hello?");
      await expect(unsent(eva, "Hello?")).toHaveCount(1);
      await reply(ada, "We are");
      await expect(unsent(ada, "We are")).toHaveCount(1);
      await expect(banner(ada)).toBeVisible();
    } finally {
      await server.start();
    }
    for (const page of [eva, ada]) {
      await expect(said(page, "Hello?")).toHaveCount(1, { timeout: 20_000 });
      await expect(said(page, "We are")).toHaveCount(1, { timeout: 20_000 });
      await expect(page.locator("[data-pending]")).toHaveCount(0);
      await expect(banner(page)).toBeHidden();
      await expect(page.locator(".thread > .message")).toHaveCount(3);
    }
  });
}
