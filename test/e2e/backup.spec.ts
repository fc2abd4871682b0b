import type { Page } from "@playwright/test";
import { generatePrivateKey } from "viem/accounts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import {
  befriend,
  enterCode,
  goIn,
  hears,
  join,
  openConversation,
  type Person,
  say,
  walkToCode,
} from "./support/people.ts";
import { expectUsable } from "./support/usable.ts";
import { outage, sentence } from "./support/words.ts";

const backupSwitch = (page: Page) => page.getByRole("switch", { name: "Backup at my relays" });
const fromRelays = (page: Page) => page.getByRole("button", { name: "From my relays" });

/** Back with wallet and code, up to where the conversations come from. */
async function comeBack(person: Person): Promise<void> {
  await walkToCode(person);
  await enterCode(person);
  await expect(fromRelays(person.page)).toBeVisible({ timeout: 60_000 });
}

test("a backup at the relays: switched on, renewed, brought back on a blank browser while a relay is down, deleted", async ({
  person,
  network,
}) => {
  const privateKey = generatePrivateKey();
  const pseudonym = uniqueName("lin");
  const lin = await person({ pseudonym, wallet: { privateKey }, allowed: outage });
  const wei = await person({ pseudonym: uniqueName("wei"), allowed: outage });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  await say(lin, "In the backup");
  await hears(wei, "In the backup");
  const { page } = lin;

  await test.step("switched on, and made anew at a word", async () => {
    await page.goto("/me/");
    await backupSwitch(page).click();
    await expect(page.getByText("The backup is at your relays.")).toBeVisible();
    await expect(page.getByText(/^Last backup: Today \d\d:\d\d/)).toBeVisible();
    await expect(page.getByText(/^At 3 of 3 relays, until /)).toBeVisible();
    await page.goto("/chats/");
    await openConversation(lin, wei);
    await say(wei, "Later in the backup");
    await hears(lin, "Later in the backup");
    await page.goto("/me/");
    await expect(backupSwitch(page)).toBeChecked();
    await page.getByRole("button", { name: "Back up now" }).click();
    await expect(page.getByText("The backup is at your relays.")).toBeVisible();
    await expectUsable(page, "me with a backup");
  });

  await test.step("a blank browser asks in vain without a network, then brings everything back", async () => {
    const third = network.relays.at(-1);
    await third?.halt("SIGKILL");
    const blank = await person({
      ...{ pseudonym, wallet: { privateKey }, allowed: outage },
      context: { viewport: { width: 390, height: 800 } },
    });
    await comeBack(blank);
    await expectUsable(blank.page, "ways back");
    await blank.context.setOffline(true);
    await fromRelays(blank.page).click();
    await expect(blank.page.getByRole("alert").filter({ hasText: sentence("NETWORK_UNREACHABLE") })).toBeVisible({
      timeout: 60_000,
    });
    await expectUsable(blank.page, "failed");
    await blank.context.setOffline(false);
    await blank.page.getByRole("button", { name: "Try again" }).click();
    await expect(blank.page.getByRole("heading", { name: "They are back" })).toBeVisible({ timeout: 60_000 });
    await third?.resume();
    await blank.page.getByRole("button", { name: "Open Skrumble" }).click();
    await openConversation(blank, wei);
    await hears(blank, "In the backup");
    await hears(blank, "Later in the backup");
  });

  await test.step("deleted after a question, it is not found any more", async () => {
    await backupSwitch(page).click();
    await page.getByRole("button", { name: "Delete backup" }).click();
    await expect(backupSwitch(page)).not.toBeChecked();
    await page.getByRole("button", { name: "Bring back from my relays" }).click();
    await expect(page.getByText(sentence("BACKUP_NOT_FOUND"))).toBeVisible();
    await page.reload();
    await expect(backupSwitch(page)).not.toBeChecked();
  });
});

test("where there is no backup, it says whose was looked for, and other ways stay open", async ({ person }) => {
  const privateKey = generatePrivateKey();
  const pseudonym = uniqueName("ada");
  await join(await person({ pseudonym, wallet: { privateKey } }));
  const blank = await person({ pseudonym, wallet: { privateKey } });
  await comeBack(blank);
  await fromRelays(blank.page).click();
  await expect(blank.page.getByText(sentence("BACKUP_NOT_FOUND"))).toBeVisible();
  await expect(blank.page.getByText(new RegExp(`the backup of ${pseudonym}`))).toBeVisible();
  await blank.page.getByRole("button", { name: "Another way" }).click();
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
  await blank.page.getByLabel("From a file").and(blank.page.locator("input")).setInputFiles(notes);
  await expect(blank.page.getByText(sentence("HISTORY_INVALID"))).toBeVisible();
  await goIn(blank);
});
