import { mkdirSync } from "node:fs";
import { join as path } from "node:path";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.ts";
import { openNetwork } from "./support/network.ts";
import { befriend, hears, join, newPerson, say } from "./support/people.ts";

/**
 * Takes the pictures of the READMEs into docs/images, from the real dApp: `node test/e2e/screenshots.ts`. They are
 * committed, so this runs by hand when a screen has changed.
 */
const out = path(import.meta.dirname, "..", "..", "docs", "images");
const words = {
  en: {
    locale: "en-GB",
    names: ["marlow", "juniper"],
    talk: ["Did the paintings arrive?", "All seven. The blue one is even better in daylight.", "Show me?"],
  },
  zh: {
    locale: "zh-CN",
    names: ["听雨", "阿舟"],
    talk: ["画都到了吗？", "七幅都到了，蓝色那幅白天看更好。", "给我看看？"],
  },
} as const;

mkdirSync(out, { recursive: true });
const network = await openNetwork();
const { launchOptions = {} } = config.use ?? {};
const browser = await chromium.launch(launchOptions);
try {
  for (const [language, { names, talk }] of Object.entries(words)) {
    const [first, second] = await Promise.all(
      names.map((pseudonym) =>
        // English while clicking through, because the steps are found by their English names.
        newPerson(browser, network.url, {
          pseudonym,
          wallet: false,
          context: { viewport: { width: 1280, height: 800 } },
        }),
      ),
    );
    if (!first || !second) throw new Error("Two people are needed.");
    const show = async (page: typeof first.page) => {
      await page.evaluate(
        (value) => localStorage.setItem("skrumble.language", value),
        language === "zh" ? "zh-CN" : "en",
      );
    };
    await join(first);
    await join(second);
    await befriend(first, second);
    await say(first, talk[0]);
    await hears(second, talk[0]);
    await say(second, talk[1]);
    await hears(first, talk[1]);
    await say(first, talk[2]);
    await hears(second, talk[2]);
    await first.page.getByRole("button", { name: "Video call" }).click();
    await second.page.getByRole("button", { name: "Answer", exact: true }).click();
    await first.page.getByTestId("call-certificate").and(first.page.locator("[data-state=certified]")).waitFor();
    await first.page.waitForTimeout(3_000);
    if (language === "en") await first.page.screenshot({ path: path(out, "call-en.png") });
    await first.page.getByRole("button", { name: "Hang up" }).click();
    await show(first.page);
    await first.page.reload();
    await first.page.waitForTimeout(2_000);
    await first.page.screenshot({ path: path(out, `conversation-${language}.png`) });
    await first.context.close();
    await second.context.close();

    const phone = await browser.newContext({
      baseURL: network.url,
      locale: words[language as "en"].locale,
      viewport: { width: 390, height: 780 },
    });
    const page = await phone.newPage();
    await page.goto("/");
    await page.waitForTimeout(1_500);
    await page.screenshot({ path: path(out, `welcome-${language}.png`) });
    await phone.close();
  }
} finally {
  await browser.close();
  await network.stop();
}
