import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, hears, join, openConversation, type Person, say } from "./support/people.ts";
import { watchPage } from "./support/watch.ts";

test("one tab leads; another one offers to take over, and nothing is lost either way", async ({ person }) => {
  const first = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(first), join(wei)]);
  await befriend(first, wei);
  await say(first, "From the first tab");
  await hears(wei, "From the first tab");

  const page = await first.context.newPage();
  const second: Person = { ...first, page, problems: watchPage(page) };
  const offer = ({ page }: Person) => page.getByRole("button", { name: "Use here" });
  await second.page.goto("/chats/");
  await expect(second.page.getByRole("heading", { name: "Skrumble is open in another tab" })).toBeVisible();
  await say(first, "The first one goes on");
  await hears(wei, "The first one goes on");

  await test.step("the second takes over", async () => {
    await offer(second).click();
    await openConversation(second, wei);
    await expect(offer(first)).toBeVisible();
    await hears(second, "The first one goes on");
    await say(second, "From the second tab");
    await hears(wei, "From the second tab");
    await say(wei, "To whichever tab it is");
    await hears(second, "To whichever tab it is");
  });

  await test.step("and back again", async () => {
    await offer(first).click();
    await expect(offer(second)).toBeVisible();
    await openConversation(first, wei);
    await hears(first, "To whichever tab it is");
    await say(first, "Here again");
    await hears(wei, "Here again");
  });

  await test.step("a tab that is closed leaves the lead to the next that opens", async () => {
    await first.page.close();
    await second.page.reload();
    await openConversation(second, wei);
    await hears(second, "Here again");
    await say(second, "And the last tab stays");
    await hears(wei, "And the last tab stays");
  });
  expect(second.problems).toEqual([]);
});

test("a tab that is still opening steps back like any other", async ({ person }) => {
  const first = await person({ pseudonym: uniqueName("lin") });
  await join(first);
  const second = await first.context.newPage();
  await second.goto("/chats/");
  const offer = second.getByRole("button", { name: "Use here" });
  await expect(offer).toBeVisible();
  await first.page.reload({ waitUntil: "commit" });
  await offer.click();
  await expect(second.getByRole("heading", { name: "Chats" })).toBeVisible();
  await expect(first.page.getByRole("button", { name: "Use here" })).toBeVisible();
  await expect(second.getByRole("heading", { name: "Chats" })).toBeVisible();
});
