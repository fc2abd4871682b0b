import type { Page } from "@playwright/test";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { tabTo, writeInto } from "./support/keys.ts";
import { befriend, hears, join, openConversation, type Person, say } from "./support/people.ts";
import { expectUsable } from "./support/usable.ts";
import { watchPage } from "./support/watch.ts";
import { sentence } from "./support/words.ts";

const codeField = (page: Page) => page.getByLabel("Security code", { exact: true });
const unlocking = (page: Page) => page.getByRole("button", { name: "Unlock", exact: true });

const showWords = (page: Page) => page.getByRole("button", { name: "Show: Recovery words" }).click();

async function openSettings({ page }: Person) {
  await page.getByRole("link", { name: "Me", exact: true }).click();
  await page.getByRole("button", { name: /^Lock with security code/ }).click();
}

async function switchOn(person: Person, when = "When closed") {
  const { page, code } = person;
  await openSettings(person);
  await page.getByRole("radio", { name: when }).click();
  await codeField(page).fill(code);
  await page.getByLabel("Once more", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Switch the lock on" }).click();
  await expect(page.getByText("The lock is on.")).toBeVisible();
}

async function unlock({ page, code }: Person) {
  await codeField(page).fill(code);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: 20_000 });
}

test("behind the lock everything waits for the code, and nothing else opens it", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin"), wallet: false });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  await say(lin, "Before the lock");
  await hears(wei, "Before the lock");
  await lin.page.getByLabel("Message", { exact: true }).fill("Half a sentence");
  const { page } = lin;

  await test.step("two different codes are no code", async () => {
    await openSettings(lin);
    await codeField(page).fill(lin.code);
    await page.getByLabel("Once more", { exact: true }).fill(`${lin.code}!`);
    await page.getByRole("button", { name: "Switch the lock on" }).click();
    await expect(page.getByText("These are two different codes.")).toBeVisible();
    await expectUsable(page, "lock sheet");
    await page.keyboard.press("Escape");
  });

  await test.step("switched on, one goes on where one was", async () => {
    await switchOn(lin);
    await openConversation(lin, wei);
    await hears(lin, "Before the lock");
    await expect(page.getByLabel("Message", { exact: true })).toHaveValue("Half a sentence");
    await page.getByLabel("Message", { exact: true }).fill("");
    await say(lin, "With the lock on");
    await hears(wei, "With the lock on");
  });

  await test.step("a restart opens locked and tells nothing", async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();
    await expect(codeField(page)).toBeFocused();
    expect(await page.locator("body").textContent()).not.toMatch(
      new RegExp(`${lin.pseudonym}|${wei.pseudonym}|Before`),
    );
    await expectUsable(page, "lock screen");
    await page.goto("/chats/");
    await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();
    await say(wei, "While you were away");
  });

  await test.step("what lies in the browser opens without the code for nobody", async () => {
    const { loose, records } = await page.evaluate(looseKeys);
    expect(records).toBeGreaterThan(10);
    expect(loose).toEqual([]);
  });

  await test.step("a wrong code says so, and slows down, also after a reload", async () => {
    const pause = page.getByRole("button", { name: /^Next try in 0:\d\d$/ });
    for (let time = 1; time <= 4; time++) {
      await expect(unlocking(page)).toBeVisible({ timeout: 15_000 });
      await codeField(page).fill("not the code at all");
      await page.keyboard.press("Enter");
      await expect(page.getByText(sentence("LOCK_CODE_WRONG"))).toBeVisible();
      await expect(codeField(page)).toHaveValue("");
    }
    await expect(pause).toBeDisabled();
    await page.reload();
    await expect(pause).toBeDisabled();
    await expect(unlocking(page)).toBeVisible({ timeout: 25_000 });
  });

  await test.step("the right code opens; everything is there, and what waited comes in", async () => {
    await unlock(lin);
    await openConversation(lin, wei);
    await hears(lin, "Before the lock");
    await hears(lin, "With the lock on");
    await hears(lin, "While you were away");
    await say(lin, "Here again");
    await hears(wei, "Here again");
    await page.goto("/me/");
    await unlock(lin);
    await showWords(page);
    await expect(page.getByRole("list", { name: "Recovery words" }).getByRole("listitem")).toHaveCount(12);
    await page.keyboard.press("Escape");
  });

  await test.step("the lock shows a face only when it is wanted, and shuts at a word", async () => {
    await page.getByRole("switch", { name: /Name and face/ }).click();
    await page.getByRole("button", { name: "Lock now" }).click();
    await expect(page.getByRole("heading", { name: lin.pseudonym })).toBeVisible();
    await unlock(lin);
  });

  await test.step("switched off with the code, it opens by itself again", async () => {
    await openSettings(lin);
    await codeField(page).fill("not the code at all");
    await page.getByRole("button", { name: "Switch the lock off" }).click();
    await expect(page.getByText(sentence("LOCK_CODE_WRONG"))).toBeVisible();
    await codeField(page).fill(lin.code);
    await page.getByRole("button", { name: "Switch the lock off" }).click();
    await expect(page.getByText("The lock is off.")).toBeVisible();
    await page.goto("/chats/");
    await openConversation(lin, wei);
    await hears(lin, "While you were away");
  });
});

test("all tabs lock together, and open together", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  await join(lin);
  await switchOn(lin, "After 15 minutes");
  const second = await lin.context.newPage();
  const problems = watchPage(second);
  await second.goto("/chats/");
  await expect(second.getByRole("heading", { name: "Chats" })).toBeVisible();
  await lin.page.getByRole("button", { name: "Lock now" }).click();
  for (const page of [lin.page, second]) await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();

  await unlock({ ...lin, page: second });
  await test.step("the other one shows the same, and can shut both", async () => {
    const pages = [lin.page, second];
    for (const page of pages) await page.evaluate(() => Object.assign(globalThis, { shown: true }));
    await lin.page.getByRole("button", { name: "Lock now" }).click();
    for (const page of pages) {
      await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();
      // Nothing of the old page is left.
      await page.waitForFunction(() => !("shown" in globalThis));
    }
    await unlock(lin);
    await expect(second.getByRole("heading", { name: "Chats" })).toBeVisible();
  });
  expect(problems).toEqual([]);
});

test("nobody touches it for the chosen time, and it locks", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  await lin.page.clock.install();
  await join(lin);
  await switchOn(lin, "After 1 minute");
  await lin.page.clock.fastForward(50_000);
  await lin.page.mouse.move(100, 100);
  await lin.page.clock.fastForward(50_000);
  await expect(lin.page.getByRole("button", { name: "Lock now" })).toBeVisible();
  await lin.page.clock.fastForward(70_000);
  await expect(lin.page.getByRole("heading", { name: "Locked" })).toBeVisible();
});

test("whoever forgot the code begins anew, by keyboard", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin"), context: { viewport: { width: 390, height: 800 } } });
  await join(lin);
  await switchOn(lin);
  const { page } = lin;
  await page.reload();
  await tabTo(page.getByRole("button", { name: "Forgot the code?" }));
  await page.keyboard.press("Enter");
  await expectUsable(page, "forgotten");
  await tabTo(page.getByRole("button", { name: "Erase this device" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Get started" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Get started" })).toBeVisible();
});

test("a profile from before there were locks keeps its wallet, behind the lock too", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  await join(lin);
  const { page } = lin;
  await page.evaluate(oldVault, "test test test test test test test test test test test junk");
  await page.goto("/me/");
  await showWords(page);
  await expect(page.getByRole("list", { name: "Recovery words" }).getByText("junk")).toBeVisible();
  await page.keyboard.press("Escape");
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual(["skrumble"]);
  await switchOn(lin);
  await page.reload();
  await writeInto(codeField(page), lin.code);
  await page.keyboard.press("Enter");
  await showWords(page);
  await expect(page.getByRole("list", { name: "Recovery words" }).getByText("junk")).toBeVisible();
});

/** As somebody who has the browser would go about it: every key that lies open, tried on every record. */
async function looseKeys(): Promise<{ loose: string[]; records: number }> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const keys: CryptoKey[] = [];
  const records: [string, Uint8Array<ArrayBuffer>][] = [];
  const collect = (value: unknown): void => {
    if (value instanceof CryptoKey) keys.push(value);
    else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
      Object.values(value).forEach(collect);
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name as string));
    for (const table of database.objectStoreNames) {
      const store = database.transaction(table).objectStore(table);
      const [names, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      for (const [i, value] of values.entries()) {
        if (value instanceof Uint8Array) records.push([String(names[i]), new Uint8Array(value)]);
        else collect(value);
      }
    }
    database.close();
  }
  const loose: string[] = [];
  for (const [place, record] of records) {
    const algorithm = {
      name: "AES-GCM",
      iv: record.slice(1, 13),
      additionalData: new TextEncoder().encode(place),
    };
    for (const key of keys.filter(({ usages }) => usages.includes("decrypt"))) {
      await crypto.subtle.decrypt(algorithm, key, record.slice(13)).then(
        () => loose.push(place),
        () => undefined,
      );
    }
  }
  return { loose, records: records.length };
}

/** Keeps a wallet as the first version did. */
async function oldVault(words: string): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode("wallet") };
  const text = new TextEncoder().encode(JSON.stringify({ words, kept: true }));
  const sealed = new Uint8Array([...iv, ...new Uint8Array(await crypto.subtle.encrypt(algorithm, key, text))]);
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open("skrumble-vault", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("sealed").put(sealed, "wallet");
      request.result.createObjectStore("keys").put(key, "vault");
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error);
  });
}
