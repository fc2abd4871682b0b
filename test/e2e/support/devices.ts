import { expect, type Locator } from "@playwright/test";
import type { Person } from "./people.ts";

/** A transfer waits for the new device to be in every conversation. */
const settled = { timeout: 60_000 };

export const checkCode = ({ page }: Person): Locator => page.getByTestId("check-code");

/** What a new device shows to an old one. */
export const shownText = ({ page }: Person): Promise<string> =>
  page.getByRole("textbox", { name: "Text for your other device" }).inputValue();

/** On a browser without an identity. */
export async function showText(fresh: Person): Promise<string> {
  await fresh.page.goto("/");
  await fresh.page.getByRole("button", { name: "I use Skrumble on another device" }).click();
  return shownText(fresh);
}

export async function openApproval({ page }: Person): Promise<void> {
  await page.goto("/me/");
  await page.getByRole("button", { name: "Link another device" }).click();
}

/** On the old device: gives it the text, up to the digits. */
export async function enterText(old: Person, text: string): Promise<void> {
  await old.page.getByLabel("Text of the new device").fill(text);
  await old.page.getByRole("button", { name: "Continue" }).click();
  await expect(checkCode(old)).toBeVisible();
}

/** The same digits on both sides; then everything goes over. */
export async function handOver(old: Person, fresh: Person): Promise<void> {
  await expect(checkCode(old)).toHaveText((await checkCode(fresh).textContent()) ?? "");
  await old.page.getByRole("button", { name: "They match, hand over" }).click();
  await expect(fresh.page.getByRole("heading", { name: "Everything is here" })).toBeVisible(settled);
  await expect(old.page.getByRole("heading", { name: "The new device has everything" })).toBeVisible(settled);
}

/** Links a browser by text, and goes in with it. */
export async function link(old: Person, fresh: Person): Promise<void> {
  const text = await showText(fresh);
  await openApproval(old);
  await enterText(old, text);
  await handOver(old, fresh);
  await fresh.page.getByRole("button", { name: "Open Skrumble" }).click();
  await expect(fresh.page.getByRole("heading", { name: "Chats" })).toBeVisible();
}

/** Somebody's line in the list of devices. */
export const deviceLine = ({ page }: Person, name: string | RegExp): Locator =>
  page.getByRole("list", { name: "Devices" }).getByRole("listitem").filter({ hasText: name });

/** From the menu of a device. */
export async function chooseFor(person: Person, device: string, action: "Rename" | "Remove"): Promise<void> {
  await deviceLine(person, device).getByRole("button").click();
  await person.page.getByRole("menuitem", { name: action }).click();
}
