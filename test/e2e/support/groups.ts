import { expect, type Page } from "@playwright/test";
import type { Person } from "./people.ts";

/** From the list of chats: names a group, chooses contacts, makes it; one then stands in it. */
export async function makeGroup({ page }: Person, name: string, contacts: readonly Person[]): Promise<void> {
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name of the group").fill(name);
  for (const { pseudonym } of contacts) {
    await page.getByLabel("Search contacts").fill(pseudonym);
    // By keyboard: the list is still moving up when the search has shortened it, and a click may hit what comes after.
    const box = page.getByRole("checkbox", { name: pseudonym });
    await box.press("Space");
    await expect(box).toBeChecked();
  }
  await page.getByRole("button", { name: "Make the group" }).click();
  await expect(page.getByRole("region", { name: `Conversation with ${name}` })).toBeVisible({ timeout: 20_000 });
}

export async function openGroup({ page }: Person, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Chats/ }).click();
  await page
    .getByRole("list", { name: "Conversations" })
    .getByRole("link", { name: new RegExp(name) })
    .click({ timeout: 30_000 });
}

/** The details of the group one stands in. */
export async function openDetails({ page }: Person, name: string) {
  const details = page.getByRole("complementary", { name: "About this group" });
  if (!(await details.isVisible())) {
    const room = page.getByRole("region", { name: `Conversation with ${name}` });
    await room.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  }
  await expect(details).toBeVisible();
  return details;
}

/** What the group's link is, as somebody in it would copy it. */
export async function groupLink(person: Person, name: string): Promise<string> {
  const details = await openDetails(person, name);
  await details.getByRole("button", { name: "Link and QR code" }).click();
  const link = await person.page.getByRole("textbox", { name: "Link of the group" }).inputValue();
  await person.page.keyboard.press("Escape");
  return link;
}

/** Somebody's line in the details. */
export const lineOf = (page: Page, { pseudonym }: Person) =>
  page.getByRole("list", { name: "People" }).getByRole("listitem").filter({ hasText: pseudonym });
