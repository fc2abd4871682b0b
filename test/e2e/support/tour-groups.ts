import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { narrow, type openAlbum, wide, type wordsOf } from "./album.ts";

interface GroupTour {
  /** Makes the group. */
  page: Page;
  /** Comes in by its link. */
  other: Page;
  theirs: string;
  t: ReturnType<typeof wordsOf>;
  shot: ReturnType<typeof openAlbum>["shot"];
  name: string;
  about: string;
  words: string;
}

const icon = fileURLToPath(new URL("../../../web/public/icons/icon-512.png", import.meta.url));
const tall = [
  { width: 1280, height: 1500 },
  { width: 390, height: 1700 },
];

/** A group from its making to somebody who is thrown out, and every screen on the way. */
export async function tourGroups({ page, other, theirs, t, shot, name, about, words }: GroupTour): Promise<void> {
  const button = (text: string, from = page) => from.getByRole("button", { name: text, exact: true }).first();
  const field = (from = page) => from.getByLabel(t("conversation.message"), { exact: true });

  await page.goto("/groups/new/");
  await page.getByLabel(t("groups.name"), { exact: true }).fill(name);
  await page.getByLabel(t("groups.description"), { exact: true }).fill(about);
  await page.locator("input[type=file]").setInputFiles(icon);
  await button(t("groups.pictureRemove")).waitFor();
  await shot(page, "45-new-group", tall);
  await button(t("groups.make")).click();
  await field().waitFor();
  await shot(page, "46-group-begins");
  await field().fill(about);
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText(about, { exact: true }).waitFor();
  await openDetails();
  await shot(page, "47-group-details", tall);
  await button(t("groups.edit")).click();
  await shot(page, "48-group-edit", [wide]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("groups.link") }).click();
  const link = await page.getByRole("textbox", { name: t("groups.linkLabel") }).inputValue();
  await shot(page, "49-group-link", [wide]);
  await page.keyboard.press("Escape");

  await other.goto(link);
  await button(t("groups.ask"), other).waitFor();
  await shot(other, "50-group-invitation");
  await button(t("groups.ask"), other).click();
  await other.getByText(t("groups.waitingTitle")).waitFor();
  await shot(other, "51-group-waiting");
  const letIn = button(t("groups.acceptName", { name: theirs }));
  await letIn.waitFor();
  await shot(page, "52-group-door");
  await letIn.click();
  await field(other).waitFor({ timeout: 40_000 });
  await field(other).fill(words);
  await other.keyboard.press("Enter");
  await page.getByRole("log").getByText(words, { exact: true }).waitFor();
  await shot(page, "53-group-talk");
  await button(t("groups.personMore", { name: theirs })).click();
  await shot(page, "54-group-person", [wide]);
  await page.getByRole("menuitem", { name: t("groups.shareHistory") }).click();
  await shot(page, "83-group-share", [wide]);
  await page.getByRole("radio", { name: t("groups.share.all") }).click();
  await button(t("groups.share.action")).click();
  await other.getByRole("log").getByText(about, { exact: true }).waitFor({ timeout: 40_000 });
  await shot(other, "84-group-shared");
  await button(t("groups.personMore", { name: theirs })).click();
  await page.getByRole("menuitem", { name: t("groups.remove") }).click();
  await shot(page, "55-group-remove", [wide]);
  await button(t("groups.removeAction")).click();
  await other.getByText(t("conversation.silent.removed")).waitFor({ timeout: 40_000 });
  await shot(other, "56-group-removed");
  await button(t("groups.leave")).click();
  await shot(page, "57-group-leave", [wide]);
  await page.keyboard.press("Escape");
  await button(t("common.close")).click();
  await page.setViewportSize(narrow);
  await openDetails();
  await page.getByRole("button", { name: t("groups.link") }).click();
  await shot(page, "58-group-link", [narrow]);

  async function openDetails() {
    await page
      .getByRole("region", { name: t("conversation.label", { name }) })
      .getByRole("button", { name: new RegExp(`^${name}`) })
      .click();
    await page.getByText(t("groups.settings")).waitFor();
  }
}
