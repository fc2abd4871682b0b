import type { Page } from "@playwright/test";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, hears, join, openConversation, say } from "./support/people.ts";

/** The person looks elsewhere: a page without a screen always takes itself for the one in front. */
const lookAway = (page: Page) => page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
const notices = (page: Page) =>
  page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    return (await worker.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
  });

test("a notice tells who wrote, one per conversation, leads there, and goes once it is read", async ({ person }) => {
  const permissions = ["camera", "microphone", "clipboard-read", "clipboard-write", "notifications"];
  const lin = await person({ pseudonym: uniqueName("lin"), permissions });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  await say(wei, "Nothing is told before it is wanted");
  await hears(lin, "Nothing is told before it is wanted");
  const { page } = lin;
  await page.getByRole("link", { name: "Me", exact: true }).click();
  await page.getByRole("switch", { name: /Notifications/ }).click();
  await page.getByRole("radio", { name: "Name and text" }).click();
  await lookAway(page);

  await test.step("the words, and the next ones in their place", async () => {
    await say(wei, "Is it still raining?");
    await expect
      .poll(() => notices(page), { timeout: 20_000 })
      .toMatchObject([{ title: wei.pseudonym, body: "Is it still raining?" }]);
    await say(wei, "It stopped");
    await expect.poll(() => notices(page), { timeout: 20_000 }).toMatchObject([{ body: "It stopped" }]);
  });

  await test.step("nothing but that there is something, when that is the choice", async () => {
    await page.getByRole("radio", { name: "Nothing", exact: true }).click();
    await say(wei, "For nobody else");
    await expect
      .poll(() => notices(page), { timeout: 20_000 })
      .toMatchObject([{ title: "Skrumble", body: "There is something new for you" }]);
  });

  await test.step("it goes once the conversation was read", async () => {
    await openConversation(lin, wei);
    await hears(lin, "For nobody else");
    await expect.poll(() => notices(page), { timeout: 20_000 }).toEqual([]);
  });

  await test.step("a muted conversation tells nothing", async () => {
    await page.getByRole("button", { name: "More for this conversation" }).click();
    await page.getByRole("menuitem", { name: "Mute", exact: true }).click();
    await page.getByRole("radio").first().click();
    await page.getByRole("link", { name: "Me", exact: true }).click();
    await say(wei, "Only quietly");
    await page.getByRole("link", { name: /Chats/ }).first().click();
    await expect(page.getByRole("list", { name: "Conversations" }).getByText("Only quietly")).toBeVisible();
    expect(await notices(page)).toEqual([]);
  });
});
