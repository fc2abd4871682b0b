import type { Browser, Locator, Page } from "@playwright/test";
import type { Hex } from "viem";
import { dictionaries } from "../../../examples/marketplace/src/words/index.ts";
import { type Language, openAlbum } from "./album.ts";
import { serveMarketplace, visit } from "./marketplace.ts";
import { giveSkm } from "./money.ts";
import type { E2eNetwork } from "./network.ts";

interface MarketplaceTour {
  browser: Browser;
  network: E2eNetwork;
  folder: string;
  language: Language;
  theme: "light" | "dark";
}

const soon = { timeout: 60_000 };
const code = "copper lantern seventy-two rivers";
const job = {
  en: {
    people: ["tea-house", "inkwell"],
    title: "A logo for a tea house",
    needed: "Quiet, warm, readable at 16 px.\nNo leaves, please.",
    handed: "One SVG file and one PNG.",
    skills: "Design, SVG",
    steps: ["Three sketches", "Final files"],
    note: "I drew the logo of the book house next door.",
    said: "Welcome! When could you begin?",
    rated: "Quiet and warm, as asked.",
  },
  "zh-CN": {
    people: ["清茶馆", "墨池"],
    title: "给茶馆画一个标志",
    needed: "安静、温暖，16 像素也看得清。\n请不要画茶叶。",
    handed: "一个 SVG 文件和一个 PNG 文件。",
    skills: "设计，SVG",
    steps: ["三张草图", "定稿文件"],
    note: "隔壁书店的标志是我画的。",
    said: "欢迎！什么时候能开始？",
    rated: "安静、温暖，正是想要的。",
  },
} as const;

/** A job from the empty board to the ratings, and every screen of the marketplace on the way. Gives what was wrong on them. */
export async function tourMarketplace(tour: MarketplaceTour): Promise<string[]> {
  const { browser, network, folder, language, theme } = tour;
  const album = openAlbum(folder, `${language}-${theme}`);
  const { shot } = album;
  const words = dictionaries[language];
  const said = job[language];
  const served = await serveMarketplace(network.relays.map(({ url }) => url));
  const [ann, ben] = await Promise.all(
    said.people.map((name) =>
      visit(browser, served, theme === "light" ? name : `${name}-2`, { locale: language, colorScheme: theme }),
    ),
  );
  if (!ann || !ben) throw new Error("Two people are needed.");
  const button = (page: Page | Locator, name: string) => page.getByRole("button", { name, exact: true });
  const field = (page: Page, name: string) => page.getByLabel(name);
  const go = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).first().click();
  try {
    await ann.page.goto("/");
    await ann.page.getByRole("main").getByRole("heading").first().waitFor(soon);
    await shot(ann.page, "130-market-board");
    for (const { page, name } of [ann, ben]) {
      await page.goto("/#/me");
      if (page === ann.page) {
        await button(page, words.join.savedKey).click(soon);
        // In Chinese the words for its file have it in them.
        await page.locator("form input[type=password]").first().fill("0x12");
        await field(page, words.join.code).fill(code);
        await button(page, words.join.open).click();
        await page.getByRole("alert").waitFor(soon);
        await shot(page, "145-market-saved-key");
        await button(page, words.join.back).click();
      }
      await field(page, words.join.pseudonym).fill(name);
      await field(page, words.join.code).fill(code);
      if (page === ann.page) await shot(page, "131-market-join");
      await button(page, words.join.go).click();
      await page.getByRole("heading", { name }).waitFor(soon);
    }
    await giveSkm(network, (await ann.page.getByTestId("wallet").textContent()) as Hex, "50");
    await ann.page.getByText("50 SKM").waitFor(soon);
    await shot(ann.page, "132-market-me");

    await album.step(ann.page, "market-post", async () => {
      await go(ann.page, words.nav.post);
      await field(ann.page, words.post.what).fill(said.title);
      await ann.page.getByLabel(words.post.requirements).fill(said.needed);
      await ann.page.getByLabel(words.post.deliverables).fill(said.handed);
      await ann.page.getByLabel(words.post.skills).fill(said.skills);
      await button(ann.page, words.post.add).click();
      for (const [index, title] of said.steps.entries()) {
        const group = ann.page.getByRole("group", { name: words.post.step(index + 1) });
        await group.getByLabel(words.post.stepTitle).fill(title);
        await group.getByLabel(words.post.amount).fill(index === 0 ? "10" : "20.5");
      }
      await shot(ann.page, "133-market-post");
      await button(ann.page, words.post.sign).click();
      await ann.page.getByRole("heading", { name: said.title }).waitFor(soon);
      await shot(ann.page, "134-market-job");
    });
    await album.step(ben.page, "market-apply", async () => {
      await ben.page.goto("/#/");
      await ben.page.getByRole("link", { name: said.title }).waitFor(soon);
      await shot(ben.page, "135-market-offers");
      await ben.page.getByRole("link", { name: said.title }).click();
      await ben.page.getByLabel(words.job.apply).fill(said.note);
      await shot(ben.page, "136-market-apply");
      await button(ben.page, words.job.apply).click();
      await ben.page.getByText(words.job.sent).waitFor(soon);
      const application = ann.page.getByRole("article", { name: words.talks.request(ben.name) });
      await application.waitFor(soon);
      await shot(ann.page, "137-market-application");
      await button(ann.page, words.job.accept).click();
    });
    await album.step(ann.page, "market-hire", async () => {
      await field(ann.page, words.talk.message).fill(said.said);
      await button(ann.page, words.talk.send).click();
      await ann.page.getByText(said.said).waitFor(soon);
      await button(ann.page, words.talk.offer).click();
      await shot(ann.page, "138-market-offer");
      await button(ann.page, words.offer.read).click(soon);
      await button(ann.page, words.offer.sign).waitFor(soon);
      await shot(ann.page, "139-market-agreement");
      await button(ann.page, words.offer.sign).click();
      await go(ben.page, words.nav.talks);
      await shot(ben.page, "140-market-talks");
      await ben.page.getByRole("link", { name: ann.name }).click(soon);
      await button(ben.page, words.deal.sign).waitFor(soon);
      await shot(ben.page, "141-market-to-sign");
      await button(ben.page, words.deal.sign).click();
      for (const { page } of [ann, ben]) await page.getByText(words.deal.running, { exact: true }).waitFor(soon);
    });
    await album.step(ann.page, "market-work", async () => {
      const step = (page: Page, title: string) => page.getByRole("article").getByRole("listitem", { name: title });
      for (const [index, title] of said.steps.entries()) {
        await step(ann.page, title).getByRole("button", { name: words.deal.fund }).click(soon);
        await step(ben.page, title).getByRole("button", { name: words.deal.submit }).click(soon);
        await ann.page.getByText(words.deal.handed(title)).waitFor(soon);
        if (index === 0) {
          await step(ann.page, title).getByRole("button", { name: words.deal.accept }).waitFor(soon);
          await shot(ann.page, "142-market-handed-in");
          const changes = step(ann.page, title).getByRole("button", { name: words.deal.reject });
          await changes.click();
          await step(ann.page, title).getByRole("textbox").fill(said.needed);
          await shot(ann.page, "146-market-changes");
          await changes.click();
        }
        await step(ann.page, title).getByRole("button", { name: words.deal.accept }).click(soon);
        await step(ben.page, title).getByText(words.deal.step.settled).waitFor(soon);
      }
      await ann.page.getByRole("radio", { name: words.rate.stars(5) }).check({ force: true, ...soon });
      await ann.page.getByLabel(words.rate.comment).fill(said.rated);
      await shot(ann.page, "143-market-rate");
      await button(ann.page, words.rate.send).click();
      await ann.page.getByText(words.rate.done).waitFor(soon);
      await go(ben.page, words.nav.me);
      await ben.page.getByText(said.rated).waitFor(soon);
      await shot(ben.page, "144-market-rated");
    });
  } finally {
    await Promise.all([ann, ben].map(({ page }) => page.context().close()));
    await served.stop();
  }
  return [...album.problems, ...ann.problems, ...ben.problems];
}
