import type { Page } from "@playwright/test";
import { clearTable, flipBytes } from "./support/damage.ts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, hears, join, openConversation, type Person, say } from "./support/people.ts";
import { expectUsable } from "./support/usable.ts";
import { sentence } from "./support/words.ts";

const damaged = (page: Page) => page.getByRole("heading", { name: "What is kept here is damaged" });
const started = (page: Page) => page.getByRole("button", { name: "Get started" });

async function beginAnew(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Begin anew on this device" }).click();
  await page.getByRole("button", { name: "Erase and begin anew" }).click();
  await expect(started(page)).toBeVisible();
}

async function saveHistory({ page }: Person, path: string): Promise<void> {
  await page.goto("/me/");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save to a file" }).click();
  await (await download).saveAs(path);
}

test("whoever finds their store damaged is told so, begins anew, and has everything back from a file", async ({
  person,
}) => {
  const lin = await person({ pseudonym: uniqueName("lin"), context: { viewport: { width: 390, height: 800 } } });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  await say(lin, "Before the damage");
  await hears(wei, "Before the damage");
  const file = test.info().outputPath("kept.history");
  await saveHistory(lin, file);
  const { page } = lin;

  await test.step("one byte of every record is enough: nothing is shown, and no page hides it", async () => {
    await page.evaluate(flipBytes);
    for (const path of ["/chats/", "/", "/join/"]) {
      await page.goto(path);
      await expect(damaged(page)).toBeVisible();
    }
    expect(await page.locator("body").textContent()).not.toMatch(new RegExp(`${lin.pseudonym}|${wei.pseudonym}`));
    await expectUsable(page, "damaged");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(damaged(page)).toBeVisible();
  });

  await test.step("nothing is erased without a plain question", async () => {
    await page.getByRole("button", { name: "Begin anew on this device" }).click();
    await expect(page.getByRole("dialog").getByText(/Your pseudonym stays yours/)).toBeVisible();
    await expectUsable(page, "begin anew");
    await page.keyboard.press("Escape");
    await page.reload();
    await expect(damaged(page)).toBeVisible();
    await beginAnew(page);
  });

  await test.step("the pseudonym is still theirs, and the history comes back from the file", async () => {
    await join(lin);
    await page.goto("/me/");
    await page.getByLabel("Bring back from a file").setInputFiles(file);
    await expect(page.getByText(/came back\.$/)).toBeVisible();
    await page.goto("/chats/");
    await openConversation(lin, wei);
    await hears(lin, "Before the damage");
  });
});

test("a browser that threw a part away says so; one that threw all away is a newcomer's", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const { page } = lin;
  await join(lin);

  await test.step("the keys are gone", async () => {
    await page.evaluate(clearTable, "keys");
    await page.reload();
    await expect(damaged(page)).toBeVisible();
    await beginAnew(page);
    await join(lin);
  });

  await test.step("everything is gone", async () => {
    await page.goto("about:blank");
    await lin.context
      .newCDPSession(page)
      .then((session) =>
        session.send("Storage.clearDataForOrigin", { origin: originOf(lin), storageTypes: "indexeddb" }),
      );
    await page.goto("/chats/");
    await expect(started(page)).toBeVisible();
    await page.reload();
    await expect(started(page)).toBeVisible();
    await join(lin);
  });
});

test("on a full disk nothing is sent and nothing is lost; with some room it goes on", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  const { page } = lin;
  const session = await lin.context.newCDPSession(page);
  const message = page.getByLabel("Message", { exact: true });
  await session.send("Storage.overrideQuotaForOrigin", { origin: originOf(lin), quotaSize: 1 });
  let [words, tries] = ["", 0];
  // Chromium asks for the room that is left every half minute only.
  await expect(async () => {
    words = `On a full disk ${++tries}`;
    await message.fill(words);
    await page.keyboard.press("Enter");
    await expect(page.getByText(sentence("STORE_FAILED")).first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });
  await expect(message).toHaveValue(words);
  await session.send("Storage.overrideQuotaForOrigin", { origin: originOf(lin) });
  await page.keyboard.press("Enter");
  await hears(wei, words);
  await page.reload();
  await openConversation(lin, wei);
  await hears(lin, words);
  await say(wei, "Now there is room");
  await hears(lin, "Now there is room");
});

const origins = new WeakMap<Person, string>();
/** Of the dApp, also while its page shows something else. */
function originOf(person: Person): string {
  const url = person.page.url();
  if (url.startsWith("http")) origins.set(person, new URL(url).origin);
  return origins.get(person) ?? "";
}
