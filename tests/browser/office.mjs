// The stage of every story: a server, an organization of its own, and hands for what people do.
import { test as base, devices, expect } from "@playwright/test";
import { Server } from "./server.mjs";

export { expect };

/** A telephone; touch makes Enter a new line, as it is there. */
export const PHONE = { ...devices["Pixel 7"], viewport: { width: 360, height: 740 } };

export const test = base.extend({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  office: async ({ server, browser }, use) => {
    const office = new Office(server, browser, await server.organization({ Ada: "owner", Bo: "recruiter" }));
    await use(office);
    await office.close();
  },
});

/** One organization and everybody's browsers. */
export class Office {
  #contexts = [];
  #signedIn = {};

  constructor(server, browser, { slug, users }) {
    Object.assign(this, { server, browser, slug, users, home: `${server.url}/o/${slug}` });
  }

  /** A browser of somebody's own. Uncaught errors of its pages fail the test. */
  async context(options = {}) {
    const context = await this.browser.newContext(options);
    context.faults = [];
    context.on("weberror", (fault) => context.faults.push(fault.error()));
    this.#contexts.push(context);
    return context;
  }

  /** A recruiter's page, signed in, at the dashboard. */
  async recruiter(name, options = {}) {
    const context = await this.context({ ...options, storageState: this.#signedIn[name] });
    const page = await context.newPage();
    if (!this.#signedIn[name]) {
      await signIn(page, this.server.url, this.users[name]);
      this.#signedIn[name] = await context.storageState();
    }
    await page.goto(this.home);
    return page;
  }

  /** A project with candidates, made by Ada; answers each one's chat link by name. */
  async project(title, ...candidates) {
    const context = await this.context({ javaScriptEnabled: false, storageState: this.#signedIn.Ada });
    const page = await context.newPage();
    if (!this.#signedIn.Ada) {
      await signIn(page, this.server.url, this.users.Ada);
      this.#signedIn.Ada = await context.storageState();
    }
    await page.goto(`${this.home}/projects`);
    await page.getByLabel("Name, usually").fill(title);
    await page.getByRole("button", { name: "Create project" }).click();
    await page.waitForURL(/\/projects\/[0-9a-f-]+$/);
    const address = page.url();
    const links = {};
    for (const name of candidates) {
      await page.goto(address);
      await page.getByLabel("Name", { exact: true }).first().fill(name);
      await page.getByRole("button", { name: "Add and show the link" }).click();
      links[name] = await page.getByLabel("Chat link").inputValue();
    }
    await context.close();
    return { address, links };
  }

  /** A candidate's page behind a chat link, on a telephone. */
  async candidate(link, options = PHONE) {
    const page = await (await this.context(options)).newPage();
    await enter(page, link);
    return page;
  }

  async close() {
    const faults = this.#contexts.flatMap(({ faults }) => faults);
    await Promise.all(this.#contexts.map((context) => context.close()));
    expect(faults, "errors in the pages").toEqual([]);
  }
}

export async function signIn(page, url, { email, password }) {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((address) => address.pathname !== "/sign-in");
}

/** Opens a chat link and goes on to the chat. */
export async function enter(page, link) {
  await page.goto(link);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(/\/chat\//);
}

export async function write(page, text) {
  await page.getByLabel("Your message").fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** A recruiter's reply by keys. */
export async function reply(page, text) {
  await page.locator("#body").fill(text);
  await page.locator("#body").press("Control+Enter");
}

/** The messages with this text, confirmed ones only. */
export const said = (page, text) => page.locator(".thread > .message[data-seq]", { hasText: text });

/** The messages with this text that are not confirmed. */
export const unsent = (page, text) => page.locator(".thread > .message[data-pending]", { hasText: text });

/** The row of a conversation in the list. */
export const row = (page, name) => page.locator("#rows > [data-conversation]", { hasText: name });
