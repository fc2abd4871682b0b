import type { Page } from "@playwright/test";
import { narrow, type openAlbum, wide, type wordsOf } from "./album.ts";

interface RoomInput {
  page: Page;
  /** The page of the other person, in the same conversation. */
  other: Page;
  t: ReturnType<typeof wordsOf>;
  album: ReturnType<typeof openAlbum>;
  /** Two texts that stand in the conversation already. */
  talk: readonly [string, string];
}

/** What can be done with messages, picture by picture. */
export async function tourRoom({ page, other, t, album: { shot, step }, talk }: RoomInput): Promise<void> {
  const bubble = (from: Page, text: string) =>
    from
      .getByRole("log")
      .getByRole("article")
      .filter({ has: from.locator("p", { hasText: text }) })
      .last();
  const menu = async (from: Page, text: string) =>
    bubble(from, text)
      .getByRole("button", { name: t("messageMenu.more") })
      .click();
  const choose = async (from: Page, text: string, key: string) => {
    await menu(from, text);
    await from.getByRole("menuitem", { name: t(key), exact: true }).click();
  };
  const conversation = async (key: string) => {
    await page.getByRole("button", { name: t("conversationMenu.more") }).click();
    await page.getByRole("menuitem", { name: t(key), exact: true }).click();
  };
  const field = (from: Page) => from.getByLabel(t("conversation.message"), { exact: true });

  await step(page, "room-answers", async () => {
    await choose(other, talk[0], "messageMenu.reply");
    await field(other).fill("**Markdown** 👍");
    await shot(other, "21a-answering");
    await other.keyboard.press("Enter");
    await menu(other, talk[0]);
    await other.getByRole("menuitemcheckbox").first().click();
    await choose(page, talk[0], "messageMenu.edit");
    await field(page).fill(`${talk[0]} ${talk[0]}`);
    await page.keyboard.press("Enter");
    await choose(page, talk[1], "messageMenu.star");
    for (const size of [wide, narrow]) {
      // It opens where there is room for it.
      await page.setViewportSize(size);
      await menu(page, talk[1]);
      await shot(page, "21b-menu", [size]);
      await page.keyboard.press("Escape");
    }
  });
  await step(page, "room-voice", async () => {
    await other.getByRole("button", { name: t("voice.record") }).focus();
    await other.keyboard.press("Enter");
    await other.getByRole("timer").getByText("0:02").waitFor();
    await shot(other, "21c-recording");
    await other.getByRole("button", { name: t("voice.send") }).click();
    await page.getByRole("figure").waitFor();
    await field(page).fill("?!");
    await page.keyboard.press("Enter");
    await choose(page, "?!", "messageMenu.delete-for-everyone");
    await shot(page, "21d-delete");
    await page
      .getByRole("dialog")
      .getByRole("button", { name: t("deleteMessage.delete"), exact: true })
      .click();
    await choose(page, talk[1], "messageMenu.forward");
    await shot(page, "21e-forward");
    await page.keyboard.press("Escape");
  });
  await step(page, "room-card", async () => {
    await field(page).fill("https://example.org/tea");
    await page.getByRole("button", { name: t("linkCard.add", { host: "example.org" }) }).click();
    await page.getByLabel(t("linkCard.title"), { exact: true }).fill(talk[0]);
    await shot(page, "21j-card");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await other
      .getByRole("link", { name: /example\.org/ })
      .last()
      .waitFor();
    await shot(other, "21k-card-theirs");
  });
  await step(page, "room-timer", async () => {
    await conversation("conversationMenu.timer");
    await shot(page, "21f-timer");
    await page.getByRole("radio").nth(3).click();
    await page
      .getByRole("button", { name: t("timer.change") })
      .first()
      .waitFor();
    await shot(page, "21g-everything");
    await conversation("conversationMenu.starred");
    await shot(page, "21h-starred");
    await page.keyboard.press("Escape");
    await conversation("conversationMenu.search");
    await page.getByRole("combobox").fill(talk[0].slice(0, 2));
    await page.getByRole("option").first().waitFor();
    await shot(page, "21i-search");
    await page.getByRole("combobox").press("Escape");
  });
}
