import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What breaks WCAG 2.2 A and AA on a screen, and whether it scrolls sideways. */
export async function findObstacles(page: Page, screen: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  // An open menu keeps the keyboard and hides the page behind it, which axe knows of dialogs only. The page is looked at without it.
  const menu = "[role=menu]";
  if (await page.locator(menu).isVisible()) axe.include(menu);
  const { violations } = await axe.analyze();
  const found = violations.map(
    ({ id, nodes }) => `${screen}: ${id} at ${nodes.map(({ target }) => target).join(", ")}`,
  );
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  return overflow > 0 ? [...found, `${screen} scrolls sideways by ${overflow} px`] : found;
}

export const expectUsable = async (page: Page, screen: string): Promise<void> =>
  expect(await findObstacles(page, screen)).toEqual([]);
