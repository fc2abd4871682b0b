import { expect, type Locator } from "@playwright/test";

/** More stops than any screen has: something cannot be reached. */
const mostStops = 60;

/** Walks with the Tab key alone until the element has the focus, and looks that a person can see where they are. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  await expect(target).toBeVisible();
  for (let stop = 0; !(await hasFocus(target)); stop++) {
    if (stop === mostStops) throw new Error(`The keyboard does not reach ${target}.`);
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeInViewport();
}

/** Goes to a button or link by keyboard and uses it. */
export async function pressOn(target: Locator): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.press("Enter");
}

/** Goes to a field by keyboard and writes into it. */
export async function writeInto(target: Locator, text: string): Promise<void> {
  await tabTo(target);
  await target.page().keyboard.type(text);
}

async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}
