import { readFileSync } from "node:fs";
import { test as base, type Locator, type Page } from "@playwright/test";
import type { Hex } from "viem";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { serveMarketplace, type Visitor, visit } from "./support/marketplace.ts";
import { giveSkm } from "./support/money.ts";
import type { Served } from "./support/serveBuilt.ts";

/** Blocks come every second or so, and two relays have to agree. */
const soon = { timeout: 60_000 };

const market = test.extend<object, { marketplace: Served }>({
  marketplace: [
    async ({ network }, use) => {
      const served = await serveMarketplace(network.relays.map(({ url }) => url));
      await use(served);
      await served.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],
});

async function join({ page, name }: Visitor): Promise<void> {
  await page.goto("/#/me");
  await page.getByLabel("Pseudonym").fill(name);
  await page.getByLabel("Security code").fill("copper lantern seventy-two rivers");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible(soon);
}

const step = (page: Page, name: string): Locator => page.getByRole("article").getByRole("listitem", { name });

market(
  "a job is posted, an applicant hired by agreement, paid by milestone, and both rate",
  async ({ browser, network, marketplace }) => {
    base.setTimeout(400_000);
    const ann = await visit(browser, marketplace, uniqueName("ann"));
    const ben = await visit(browser, marketplace, uniqueName("ben"));

    await test.step("an empty board says what to do; who has not joined is told how", async () => {
      await ann.page.goto("/");
      await expect(ann.page.getByText("No job is on offer yet.")).toBeVisible(soon);
      await ann.page.getByRole("link", { name: "Post the first one" }).click();
      await expect(ann.page.getByText("Join first")).toBeVisible();
    });

    await test.step("both join; the client has some SKM", async () => {
      await Promise.all([join(ann), join(ben)]);
      const wallet = (await ann.page.getByTestId("wallet").textContent()) as Hex;
      await giveSkm(network, wallet, "50");
      await expect(ann.page.getByText("50 SKM")).toBeVisible(soon);
    });

    await test.step("a job with two steps is posted", async () => {
      const { page } = ann;
      await page.getByRole("link", { name: "Post a job" }).click();
      await page.getByLabel("What is the job?").fill("A logo for a tea house");
      await page.getByLabel("What is needed").fill("Quiet, warm, readable at 16 px.\nNo leaves, please.");
      await page.getByLabel("What is handed over").fill("One SVG file and one PNG.");
      await page.getByLabel("Skills").fill("Design, SVG");
      const first = page.getByRole("group", { name: "Step 1" });
      await first.getByLabel("Name").fill("Three sketches");
      await first.getByLabel("Pay in SKM").fill("10");
      await page.getByRole("button", { name: "Add a step" }).click();
      const second = page.getByRole("group", { name: "Step 2" });
      await second.getByLabel("Name").fill("Final files");
      await second.getByLabel("Pay in SKM").fill("20.5");
      await expect(page.getByText("30.5 SKM")).toBeVisible();
      await page.getByRole("button", { name: "Sign and post" }).click();
      await expect(page.getByRole("heading", { name: "A logo for a tea house" })).toBeVisible(soon);
      await expect(page.getByText("Nobody has applied yet.")).toBeVisible();
    });

    await test.step("the other finds it and applies", async () => {
      const { page } = ben;
      await page.goto("/#/");
      await page.getByRole("link", { name: "A logo for a tea house" }).click(soon);
      await expect(page.getByText("No leaves, please.")).toBeVisible(soon);
      await page.getByLabel("Apply").fill("I drew the logo of the book house next door.");
      await page.getByRole("button", { name: "Apply" }).click();
      await expect(page.getByText("Your application is on its way")).toBeVisible(soon);
    });

    await test.step("the application arrives; they talk", async () => {
      const application = ann.page.getByRole("article", { name: `Application from ${ben.name}` });
      await expect(application.getByText("book house next door")).toBeVisible(soon);
      await application.getByRole("button", { name: "Accept and talk" }).click();
      await ann.page.getByLabel("Message").fill("Welcome! When could you begin?");
      await ann.page.getByRole("button", { name: "Send" }).click();
      await ben.page.getByRole("link", { name: "Talks" }).click();
      await ben.page.getByRole("link", { name: ann.name }).click(soon);
      await expect(ben.page.getByText("When could you begin?")).toBeVisible(soon);
      await ben.page.getByLabel("Message").fill("Tomorrow.");
      await ben.page.getByRole("button", { name: "Send" }).click();
      await expect(ann.page.getByText("Tomorrow.")).toBeVisible(soon);
    });

    await test.step("an offer is signed by both, and the job is filled", async () => {
      await ann.page.getByRole("button", { name: "Make an offer" }).click();
      const form = ann.page.getByRole("form", { name: "An offer for your applicant" });
      await form.getByRole("button", { name: "Read the agreement" }).click(soon);
      await expect(form.getByText("30.5 SKM").or(form.getByText("20.5 SKM")).first()).toBeVisible(soon);
      await form.getByRole("button", { name: "Sign and send" }).click();
      await expect(ann.page.getByText("Waits for their signature")).toBeVisible(soon);
      await ben.page.getByRole("button", { name: "Sign the agreement" }).click(soon);
      for (const { page } of [ann, ben]) await expect(page.getByText("In force", { exact: true })).toBeVisible(soon);
    });

    for (const [title, left] of [
      ["Three sketches", "40 SKM"],
      ["Final files", "19.5 SKM"],
    ] as const) {
      await test.step(`${title}: paid in, handed in, accepted`, async () => {
        await step(ann.page, title).getByRole("button", { name: "Pay into escrow" }).click(soon);
        await step(ben.page, title).getByRole("button", { name: "Hand in" }).click(soon);
        await expect(ann.page.getByText(`I have handed in “${title}”.`)).toBeVisible(soon);
        await step(ann.page, title).getByRole("button", { name: "Accept and pay" }).click(soon);
        for (const { page } of [ann, ben]) {
          await expect(step(page, title).getByText("Settled")).toBeVisible(soon);
        }
        const talk = ann.page.url();
        await ann.page.getByRole("link", { name: "Me", exact: true }).click();
        await expect(ann.page.getByText(left)).toBeVisible(soon);
        await ann.page.goto(talk);
      });
    }

    await test.step("both rate, and everybody can see it", async () => {
      await ann.page.getByRole("radio", { name: "5 stars" }).check({ force: true, ...soon });
      await ann.page.getByLabel("A few words").fill("Quiet and warm, as asked.");
      await ann.page.getByRole("button", { name: "Sign the rating" }).click();
      await ben.page.getByRole("radio", { name: "4 stars" }).check({ force: true, ...soon });
      await ben.page.getByRole("button", { name: "Sign the rating" }).click();
      for (const { page } of [ann, ben]) await expect(page.getByText("You have rated this work.")).toBeVisible(soon);

      await ben.page.getByRole("link", { name: "Me", exact: true }).click();
      await ben.page.getByRole("link", { name: /^Job #\d+: you work/ }).click(soon);
      await expect(step(ben.page, "Final files").getByText("Settled")).toBeVisible(soon);

      const guest = await visit(browser, marketplace, "guest", { locale: "zh-CN", colorScheme: "dark", width: 390 });
      await guest.page.goto("/");
      await guest.page.getByLabel("只看招募中").uncheck(soon);
      await expect(guest.page.getByText("已找到人")).toBeVisible(soon);
      await expect(guest.page.getByText("★ 4.0 (1)")).toBeVisible(soon);
      await ben.page.getByRole("link", { name: "Me", exact: true }).click();
      await expect(ben.page.getByText("Quiet and warm, as asked.")).toBeVisible(soon);
      await expect(ben.page.getByRole("link", { name: "Job #1: you work 30.5 SKM" })).toBeVisible(soon);
      await expect(ben.page.locator("p.big").filter({ hasText: "30.5 SKM" })).toBeVisible(soon);
      const wide = await guest.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(wide, "nothing reaches over the edge of a phone").toBe(false);
      expect(guest.problems).toEqual([]);
    });

    await test.step("a key that was saved opens the same identity in another browser, and its hires from the chain", async () => {
      const saving = ben.page.waitForEvent("download");
      await ben.page.getByRole("button", { name: "Save the key" }).click();
      const key = readFileSync(await (await saving).path(), "utf8");
      const other = await visit(browser, marketplace, ben.name);
      await other.page.goto("/#/me");
      await other.page.getByRole("button", { name: "Use a saved key" }).click(soon);
      await other.page.getByLabel("Key").fill("0x12");
      await other.page.getByLabel("Security code").fill("copper lantern seventy-two rivers");
      await other.page.getByRole("button", { name: "Open", exact: true }).click();
      await expect(other.page.getByText("This is no key.")).toBeVisible();
      await other.page.getByLabel("Key").fill(key);
      await other.page.getByRole("button", { name: "Open", exact: true }).click();
      await expect(other.page.getByRole("heading", { name: ben.name })).toBeVisible(soon);
      await expect(other.page.getByRole("link", { name: "Job #1: you work 30.5 SKM" })).toBeVisible(soon);
      expect(other.problems).toEqual([]);
      await other.page.context().close();
    });

    expect([...ann.problems, ...ben.problems], "pages must not log errors").toEqual([]);
  },
);

market("without a network the page says so, and begins when it is there", async ({ browser, marketplace }) => {
  const { page, problems } = await visit(browser, marketplace, "nobody");
  await page.route(/\/network\.json$/, (route) => route.abort());
  await page.goto("/");
  await expect(page.getByText("No relay answers.")).toBeVisible(soon);
  await page.unroute(/\/network\.json$/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Find work, or somebody for it" })).toBeVisible(soon);
  expect(problems.filter((text) => !/ERR_FAILED/.test(text))).toEqual([]);
});
