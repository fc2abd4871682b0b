import type { Page } from "@playwright/test";

/** Collects what must never happen in a page: console errors, uncaught errors, unhandled rejections, CSP violations. */
export function watchPage(page: Page, allowed: readonly RegExp[] = []): string[] {
  const problems: string[] = [];
  const note = (text: string) => {
    if (!allowed.some((pattern) => pattern.test(text))) problems.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error") note(`console: ${message.text()} (${message.location().url})`);
  });
  // Playwright reports both uncaught errors and unhandled rejections here.
  page.on("pageerror", (error) => note(`page: ${error.message}`));
  page.on("crash", () => note("page crashed"));
  return problems;
}
