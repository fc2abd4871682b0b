import type { Locator } from "@playwright/test";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { pressOn } from "./support/keys.ts";
import { befriend, hears, join, type Person, say } from "./support/people.ts";
import { expectUsable } from "./support/usable.ts";

/** The bubble that says these words, not one that quotes them. */
const bubble = ({ page }: Person, text: string): Locator =>
  page
    .getByRole("log")
    .getByRole("article")
    .filter({ has: page.locator("p", { hasText: text }) })
    .last();

/** Opens the menu of a message and takes an entry. */
async function choose(person: Person, text: string, entry: string): Promise<void> {
  const found = bubble(person, text);
  await found.getByRole("button", { name: "More for this message" }).click();
  await person.page.getByRole("menuitem", { name: entry, exact: true }).click();
}

async function conversationMenu({ page }: Person, entry: string): Promise<void> {
  await page.getByRole("button", { name: "More for this conversation" }).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

async function meet(person: (options: { pseudonym: string }) => Promise<Person>): Promise<[Person, Person]> {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  return [lin, wei];
}

test("two people answer, react, change, take back, forward and keep what they said", async ({ person }) => {
  const [lin, wei] = await meet(person);
  await say(lin, "The bokshop closes at seven");
  await hears(wei, "The bokshop closes at seven");

  await test.step("an answer quotes, and leads to what it answers", async () => {
    await choose(wei, "The bokshop", "Reply");
    await expect(wei.page.getByRole("region", { name: `Reply to ${lin.pseudonym}` })).toBeVisible();
    await expect(wei.page.getByLabel("Message", { exact: true })).toBeFocused();
    await say(wei, "Then we go at six");
    await bubble(lin, "Then we go at six")
      .getByRole("button", { name: /^Answers/ })
      .click();
    await expect(bubble(lin, "Then we go at six")).toContainText("The bokshop closes at seven");
  });

  await test.step("a reaction shows on both sides and can be taken back", async () => {
    await bubble(wei, "The bokshop").getByRole("button", { name: "More for this message" }).click();
    await wei.page.getByRole("menuitemcheckbox", { name: "React with 👍" }).click();
    const chip = bubble(lin, "The bokshop").getByRole("button", { name: "👍, 1 person" });
    await expect(chip).toBeVisible();
    await wei.page.getByRole("button", { name: "👍, only you" }).click();
    await wei.page.getByRole("button", { name: "Take mine back" }).click();
    await expect(chip).toBeHidden();
  });

  await test.step("own words are changed, and it shows", async () => {
    const field = lin.page.getByLabel("Message", { exact: true });
    await field.focus();
    await lin.page.keyboard.press("ArrowUp");
    await expect(field).toHaveValue("The bokshop closes at seven");
    await field.fill("The bookshop closes at seven");
    await lin.page.keyboard.press("Enter");
    await expect(bubble(wei, "The bookshop").getByText("edited")).toBeVisible();
    // The quote follows the words.
    await expect(bubble(wei, "Then we go at six")).toContainText("The bookshop closes at seven");
  });

  await test.step("a message is taken back from everybody", async () => {
    await say(lin, "Not for you");
    await hears(wei, "Not for you");
    await choose(lin, "Not for you", "Delete for everyone");
    await lin.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(lin.page.getByText("You deleted this message.")).toBeVisible();
    await expect(wei.page.getByRole("log").getByText("This message was deleted.")).toBeVisible();
    await expect(wei.page.getByText("Not for you")).toBeHidden();
  });

  await test.step("a message goes from one's own device only", async () => {
    await say(lin, "A slip");
    await hears(wei, "A slip");
    await choose(wei, "A slip", "Delete for me");
    await wei.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(wei.page.getByRole("log").getByText("A slip")).toBeHidden();
    await expect(lin.page.getByRole("log").getByText("A slip")).toBeVisible();
  });

  await test.step("a message is forwarded, as such", async () => {
    await choose(wei, "Then we go at six", "Forward");
    await wei.page.getByRole("dialog").getByText(lin.pseudonym, { exact: true }).click();
    await wei.page.getByRole("dialog").getByRole("button", { name: "Forward to one" }).click();
    await expect(bubble(lin, "Forwarded")).toContainText("Then we go at six");
  });

  await test.step("a star keeps it, and the list leads back", async () => {
    await choose(lin, "The bookshop", "Star");
    await expect(bubble(lin, "The bookshop").getByRole("img", { name: "Starred" })).toBeVisible();
    await conversationMenu(lin, "Starred messages");
    const starred = lin.page.getByRole("dialog", { name: "Starred messages" });
    await starred.getByRole("button", { name: /The bookshop/ }).click();
    await expect(starred).toBeHidden();
  });
});

test("what was said long ago is found and gone to", async ({ person }) => {
  const [lin, wei] = await meet(person);
  await say(lin, "The key lies under the blue pot");
  const page = (number: number) => `Page ${number}${"\nof a long letter".repeat(16)}`;
  for (let number = 1; number <= 6; number++) await say(lin, page(number));
  await hears(wei, page(6));
  await wei.page.reload();
  await hears(wei, page(6));
  await expect(wei.page.getByText("The key lies under")).toBeHidden();

  await conversationMenu(wei, "Search");
  const field = wei.page.getByRole("combobox", { name: "Search messages" });
  await field.fill("blue pot");
  await expect(wei.page.getByRole("option")).toHaveCount(1);
  await field.press("Enter");
  await expect(bubble(wei, "The key lies under the blue pot")).toBeInViewport();
  await field.press("Escape");
  await wei.page.getByRole("button", { name: "To the latest message" }).click();
  await expect(bubble(wei, "Page 6")).toBeInViewport();
});

test("the two set how long messages stay, and see it", async ({ person }) => {
  const [lin, wei] = await meet(person);
  await conversationMenu(lin, "Disappearing messages");
  await lin.page.getByRole("radio", { name: "30 seconds" }).click();
  for (const one of [lin, wei]) await expect(one.page.getByRole("button", { name: /30 seconds/ })).toBeVisible();
  await expect(wei.page.getByRole("log").getByText(/set messages to disappear after 30 seconds/)).toBeVisible();
  await say(lin, "Burn after reading");
  await hears(wei, "Burn after reading");
  await expect(bubble(lin, "Burn after reading").getByRole("img", { name: "Disappears" })).toBeVisible();
});

test("a voice message is recorded, sent and played", async ({ person }) => {
  const [lin, wei] = await meet(person);
  await lin.page.getByRole("button", { name: "Record a voice message" }).focus();
  await lin.page.keyboard.press("Enter");
  await expect(lin.page.getByRole("timer", { name: "Length" })).toHaveText("0:02");
  await lin.page.getByRole("button", { name: "Send voice message" }).click();
  const mine = lin.page.getByRole("figure", { name: new RegExp(`^Voice message from ${lin.pseudonym}`) });
  await expect(mine).toBeVisible();
  const theirs = wei.page.getByRole("figure", { name: new RegExp(`^Voice message from ${lin.pseudonym}`) });
  await theirs.getByRole("button", { name: "Play" }).click();
  await expect(theirs.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(theirs.getByRole("slider")).not.toHaveAttribute("aria-valuenow", "0");
  await expect(theirs.getByRole("alert")).toBeHidden();

  await test.step("and forwarded, as such", async () => {
    await theirs.hover();
    await wei.page
      .getByRole("article")
      .filter({ has: theirs })
      .getByRole("button", { name: "More for this message" })
      .click();
    await wei.page.getByRole("menuitem", { name: "Forward", exact: true }).click();
    await wei.page.getByRole("dialog").getByText(lin.pseudonym, { exact: true }).click();
    await wei.page.getByRole("dialog").getByRole("button", { name: "Forward to one" }).click();
    const forwarded = bubble(lin, "Forwarded");
    await expect(forwarded.getByRole("figure")).toBeVisible();
    await forwarded.getByRole("button", { name: "Play" }).click();
    await expect(forwarded.getByRole("button", { name: "Pause" })).toBeVisible();
  });
});

test("a link gets a card in its sender's words, and nothing is fetched for it", async ({ person }) => {
  const [lin, wei] = await meet(person);
  const asked: string[] = [];
  for (const { page } of [lin, wei]) page.on("request", (request) => asked.push(request.url()));
  const field = lin.page.getByLabel("Message", { exact: true });
  await field.fill("Read this: https://example.org/tea.");
  await pressOn(lin.page.getByRole("button", { name: "Say something about example.org" }));
  await expect(lin.page.getByLabel("Title", { exact: true })).toBeFocused();
  await lin.page.keyboard.type("How to make tea");
  await expectUsable(lin.page, "card editor");
  await lin.page.keyboard.press("Enter");
  await expect(field).toBeFocused();
  await lin.page.keyboard.press("Enter");
  for (const one of [lin, wei]) {
    const card = one.page.getByRole("log").getByRole("link", { name: /How to make tea.*example\.org/ });
    await expect(card).toHaveAttribute("href", "https://example.org/tea");
  }
  await expect(wei.page.getByText(`In the words of ${lin.pseudonym}`)).toBeVisible();
  await expectUsable(wei.page, "conversation with a card");

  await test.step("an edit takes it away", async () => {
    await field.press("ArrowUp");
    await expect(lin.page.getByLabel("Title", { exact: true })).toHaveValue("How to make tea");
    await lin.page.getByRole("button", { name: "Remove the card" }).click();
    await lin.page.keyboard.press("Enter");
    await expect(wei.page.getByRole("link", { name: /How to make tea/ })).toBeHidden();
    await hears(wei, "Read this: https://example.org/tea.");
  });
  expect(asked.filter((url) => url.includes("example.org"))).toEqual([]);
});
