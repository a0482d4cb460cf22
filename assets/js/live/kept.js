// What a browser keeps of what people write. Each text is kept under its owner, one person in one organization, and is
// never shown to, offered to or sent as anybody else who uses the same browser.
import { openDB } from "idb";

const STORE = "unconfirmed";
const DRAFT = "draft:";
const OWNER = /^(candidate|user):[^:]+:[^:]+$/;
/** Storage that does not answer must not keep a text from being sent. */
const STORAGE_TIMEOUT_MS = 1500;

/** The owner of what one person writes in one organization. */
export const ownerOf = (kind, org, id) => `${kind}:${org}:${id}`;

/** Whether an owner is this person, in whatever organization. */
export const isPerson = (kind, id) => (owner) => OWNER.test(owner) && owner.startsWith(`${kind}:`) && owner.endsWith(`:${id}`);

let opened;

/** The store of unconfirmed items, or `null` where the browser keeps nothing. */
function database() {
  const upgrade = (fresh) => fresh.createObjectStore(STORE, { keyPath: "client_id" });
  opened ??= openDB("hearback", 1, { upgrade }).catch(() => null);
  return opened;
}

/** Runs `act` on the database; `undefined` when that fails or takes too long. */
async function stored(act) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, STORAGE_TIMEOUT_MS)));
  const run = database().then((it) => it && act(it));
  return Promise.race([run.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

/** The items of an owner; `undefined` when they cannot be read. Items without a sound owner are dropped. */
export async function readItems(owner) {
  const all = await stored((it) => it.getAll(STORE));
  for (const item of all ?? []) if (!OWNER.test(item.owner)) dropItem(item.client_id);
  return all?.filter((item) => item.owner === owner);
}

/** Resolves to whether the item is on the disk. */
export const keepItem = (item) => stored((it) => it.put(STORE, item).then(() => true));

export const dropItem = (clientId) => stored((it) => it.delete(STORE, clientId));

/** The drafts of one owner. */
export class Drafts {
  constructor(owner) {
    this.owner = owner;
    // Entries of an older form do not say whose they are.
    for (const key of draftKeys()) if (!OWNER.test(ownerOfKey(key))) local((it) => it.removeItem(key));
  }

  read(conversation) {
    return local((it) => it.getItem(this.#key(conversation))) ?? "";
  }

  /** An empty text takes the draft away. */
  write(conversation, text) {
    local((it) => (text ? it.setItem(this.#key(conversation), text) : it.removeItem(this.#key(conversation))));
  }

  #key(conversation) {
    return `${DRAFT}${this.owner}:${conversation}`;
  }
}

/** How many unsent messages and drafts are kept for those whom `isTheirs` names. */
export async function countKept(isTheirs) {
  const items = (await stored((it) => it.getAll(STORE))) ?? [];
  return {
    messages: items.filter(({ owner }) => isTheirs(owner)).length,
    drafts: draftKeys().filter((key) => isTheirs(ownerOfKey(key))).length,
  };
}

/** Takes away everything that is kept for those whom `isTheirs` names. */
export async function forget(isTheirs) {
  for (const key of draftKeys()) if (isTheirs(ownerOfKey(key))) local((it) => it.removeItem(key));
  const items = (await stored((it) => it.getAll(STORE))) ?? [];
  await Promise.all(items.filter(({ owner }) => isTheirs(owner)).map(({ client_id: id }) => dropItem(id)));
}

const draftKeys = () => local((it) => Object.keys(it))?.filter((key) => key.startsWith(DRAFT)) ?? [];
const ownerOfKey = (key) => key.slice(DRAFT.length, Math.max(DRAFT.length, key.lastIndexOf(":")));

/** Private windows may refuse to keep anything. */
function local(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}
