import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, hears, join, openConversation, type Person, say } from "./support/people.ts";
import { watchPage } from "./support/watch.ts";

/** Another tab of somebody's browser. */
async function anotherTab(of: Person): Promise<Person> {
  const page = await of.context.newPage();
  return { ...of, page, problems: watchPage(page) };
}

test("all tabs show the same at once, and when the one that leads is closed another goes on", async ({ person }) => {
  const first = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(first), join(wei)]);
  await befriend(first, wei);
  await say(first, "From the first tab");
  await hears(wei, "From the first tab");
  const second = await anotherTab(first);
  await second.page.goto("/chats/");
  await openConversation(second, wei);

  await test.step("the second follows", async () => {
    await hears(second, "From the first tab");
    await say(second, "From the second tab");
    for (const one of [wei, first]) await hears(one, "From the second tab");
    await say(wei, "To whichever tab it is");
    for (const one of [first, second]) await hears(one, "To whichever tab it is");
  });

  await test.step("a call from the second makes it lead, and the first follows", async () => {
    await second.page.getByRole("button", { name: "Audio call" }).click();
    await wei.page.getByRole("button", { name: "Answer", exact: true }).click();
    await expect(second.page.getByRole("button", { name: "Hang up" })).toBeVisible();
    await first.page.getByRole("link", { name: "Me", exact: true }).click();
    await first.page.getByRole("button", { name: "Sign out of this device" }).click();
    await first.page.getByRole("button", { name: "Erase and sign out" }).click();
    await expect(first.page.getByRole("alert").filter({ hasText: "Another call is on." })).toBeVisible();
    await first.page.getByRole("button", { name: "Cancel" }).click();
    await expect(second.page.getByRole("button", { name: "Hang up" })).toBeVisible();
    await wei.page.getByRole("button", { name: "Hang up" }).click();
    await openConversation(first, wei);
    await say(first, "Behind the second");
    await hears(wei, "Behind the second");
  });

  await test.step("the one that leads is closed, and the other goes on by itself", async () => {
    await second.page.close();
    await openConversation(first, wei);
    await say(wei, "Is anybody there?");
    await hears(first, "Is anybody there?");
    await say(first, "The last tab stays");
    await hears(wei, "The last tab stays");
  });
  expect(second.problems).toEqual([]);
});

test("a tab that is loaded anew while others are open finds its place among them", async ({ person }) => {
  const first = await person({ pseudonym: uniqueName("lin") });
  await join(first);
  const second = await anotherTab(first);
  await second.page.goto("/chats/");
  const chats = ({ page }: Person) => page.getByRole("heading", { name: "Chats" });
  await expect(chats(second)).toBeVisible();
  await first.page.reload({ waitUntil: "commit" });
  await second.page.reload({ waitUntil: "commit" });
  for (const one of [first, second]) await expect(chats(one)).toBeVisible();
  await second.page.close();
  await first.page.reload();
  await expect(chats(first)).toBeVisible();
  expect(second.problems).toEqual([]);
});
