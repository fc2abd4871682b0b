import type { Page } from "@playwright/test";
import { link } from "./support/devices.ts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { lineOf, makeGroup, openDetails, openGroup } from "./support/groups.ts";
import { befriend, hears, join, type Person, say } from "./support/people.ts";
import { outage } from "./support/words.ts";

/** Commits travel through the relays and are ordered there; six browsers share the cores. */
const settled = { timeout: 60_000 };
const group = "Tea house";

/** What somebody sees of the group, line by line, without who and when: those are told differently to each. */
const history = ({ page }: Person): Promise<string[]> =>
  page
    .getByRole("log")
    .getByText(/^\d+ \D/)
    .allTextContents();

const everywhere = (people: readonly Person[], work: (person: Person) => Promise<unknown>) =>
  Promise.all(people.map(work));

test("three people, two devices each: one is removed, one was offline all the while, and histories are as they should be", async ({
  person,
}) => {
  test.setTimeout(360_000);
  const [lin, wei, ada] = [
    await person({ pseudonym: uniqueName("lin") }),
    await person({ pseudonym: uniqueName("wei") }),
    await person({ pseudonym: uniqueName("ada") }),
  ];
  const second = ({ pseudonym }: Person) => person({ pseudonym, wallet: false, allowed: outage });
  const [lin2, wei2, ada2] = [await second(lin), await second(wei), await second(ada)];
  const all = [lin, lin2, wei, wei2, ada, ada2];
  const said: string[] = [];
  /** Numbered, so that order and holes can be seen. */
  const speak = async (who: Person, text: string) => {
    said.push(`${said.length + 1} ${text}`);
    await say(who, said.at(-1) as string);
  };

  await test.step("three join, know each other, and have a group", async () => {
    await everywhere(all, ({ page }) => page.setViewportSize({ width: 1360, height: 860 }));
    await everywhere([lin, wei, ada], (one) => join(one));
    await befriend(lin, wei);
    await befriend(lin, ada);
    await lin.page.goto("/chats/");
    await makeGroup(lin, group, [wei, ada]);
    await everywhere([wei, ada], (one) => openGroup(one, group));
    await speak(lin, "before anybody had a second device");
    await everywhere([wei, ada], (one) => hears(one, said.at(-1) as string));
  });

  await test.step("each links a second device and has what was said", async () => {
    await Promise.all([link(lin, lin2), link(wei, wei2), link(ada, ada2)]);
    await everywhere([lin, wei, ada], ({ page }) => page.goto("/chats/"));
    await everywhere(all, (one) => openGroup(one, group));
    await everywhere(all, (one) => hears(one, said[0] as string));
    await speak(ada2, "from a second device");
    await everywhere(all, (one) => hears(one, said.at(-1) as string));
  });

  await test.step("one goes offline; the others talk, one is removed, and the talk goes on", async () => {
    await wei2.context.setOffline(true);
    await speak(wei, "while one of mine is away");
    await everywhere([lin, lin2, ada, ada2], (one) => hears(one, said.at(-1) as string));
    await speak(ada, "and here from both of mine");
    await everywhere([lin, lin2, wei, ada2], (one) => hears(one, said.at(-1) as string));
    await speak(lin2, "goodbye then");
    await everywhere([lin, wei, ada, ada2], (one) => hears(one, said.at(-1) as string));
    await openDetails(lin, group);
    await lineOf(lin.page, ada).getByRole("button").click();
    await lin.page.getByRole("menuitem", { name: "Remove from the group" }).click();
    await lin.page.getByRole("button", { name: "Remove", exact: true }).click();
    await everywhere([ada, ada2], ({ page }) =>
      expect(page.getByText(/removed you from this group/).first()).toBeVisible(settled),
    );
    await expect(lineOf(lin.page, ada)).toBeHidden(settled);
    for (const [who, text] of [
      [lin, "now it is the two of us"],
      [wei, "on three devices that are here"],
      [lin2, "and one that is not"],
    ] as const) {
      await speak(who, text);
      await everywhere([lin, lin2, wei], (one) => hears(one, said.at(-1) as string));
    }
  });

  await test.step("who was offline has everything, in order, and is heard", async () => {
    expect(await history(wei2)).toEqual(said.slice(0, 2));
    await wei2.context.setOffline(false);
    await hears(wei2, said.at(-1) as string);
    await speak(wei2, "back again");
    await everywhere([lin, lin2, wei], (one) => hears(one, said.at(-1) as string));
  });

  await test.step("histories are equal where they should be and empty where they should be, after a reload too", async () => {
    const untilRemoved = said.slice(0, 5);
    const check = async () => {
      for (const one of [lin, lin2, wei, wei2]) await expect.poll(() => history(one)).toEqual(said);
      for (const one of [ada, ada2]) await expect.poll(() => history(one)).toEqual(untilRemoved);
    };
    await check();
    await everywhere(all, async (one) => {
      await one.page.reload();
      await openGroup(one, group);
    });
    await check();
    // Nobody is in a conversation of two others.
    await everywhere([ada, ada2], ({ page }) => expect(conversation(page, wei)).toHaveCount(0));
    await everywhere([wei, wei2], ({ page }) => expect(conversation(page, ada)).toHaveCount(0));
    await everywhere([lin, lin2], ({ page }) => expect(conversation(page, wei).first()).toBeVisible());
  });
});

const conversation = (page: Page, { pseudonym }: Person) =>
  page
    .getByRole("list", { name: "Conversations" })
    .getByRole("link")
    .filter({ has: page.getByText(pseudonym, { exact: true }) });
