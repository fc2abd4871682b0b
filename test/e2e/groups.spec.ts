import { expect, test, uniqueName } from "./support/fixtures.ts";
import { groupLink, lineOf, makeGroup, openDetails, openGroup } from "./support/groups.ts";
import { befriend, hears, join, say } from "./support/people.ts";

/** Commits travel through the relays and are ordered there. */
const settled = { timeout: 40_000 };

test("three people: made, entered by link, talked in, renamed, thrown out of and left", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  const ada = await person({ pseudonym: uniqueName("ada"), wallet: false });
  for (const { page } of [lin, wei]) await page.setViewportSize({ width: 1360, height: 860 });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);

  await test.step("a group with a contact: they come in by themselves", async () => {
    await makeGroup(lin, "Tea house", [wei]);
    await openGroup(wei, "Tea house");
    await say(lin, "Who brings the cups?");
    await hears(wei, "Who brings the cups?");
  });

  await test.step("a newcomer opens the link, joins as a person, then knocks", async () => {
    const link = await groupLink(lin, "Tea house");
    await ada.page.setViewportSize({ width: 1360, height: 860 });
    await ada.page.goto(link);
    await ada.page.getByRole("button", { name: "Get started" }).click();
    await ada.page.getByRole("button", { name: "Create a wallet here" }).click();
    await ada.page.getByRole("button", { name: "Remind me later" }).click();
    await ada.page.getByLabel("Pseudonym", { exact: true }).fill(ada.pseudonym);
    await ada.page.getByRole("button", { name: "Continue" }).click();
    await ada.page.getByLabel("Security code", { exact: true }).fill(ada.code);
    await ada.page.getByRole("button", { name: "Join", exact: true }).click();
    await expect(ada.page.getByRole("heading", { name: "Tea house" })).toBeVisible({ timeout: 60_000 });
    expect(ada.page.url()).not.toContain("Tea");
    await ada.page.getByRole("button", { name: "Ask to join" }).click();
    await expect(ada.page.getByText("An admin has to let you in.")).toBeVisible(settled);
  });

  await test.step("an admin sees who waits and lets them in; the door opens by itself", async () => {
    await expect(lin.page.getByText("Somebody waits to be let in.")).toBeVisible(settled);
    await openDetails(lin, "Tea house");
    await lin.page.getByRole("button", { name: `Let in ${ada.pseudonym}`, exact: true }).click();
    await expect(ada.page.getByLabel("Message", { exact: true })).toBeVisible(settled);
    await expect(lineOf(lin.page, ada)).toBeVisible(settled);
  });

  await test.step("all three hear each other, with names", async () => {
    await say(ada, "I bring biscuits.");
    await hears(lin, "I bring biscuits.");
    await hears(wei, "I bring biscuits.");
    await expect(wei.page.getByRole("log").getByText(ada.pseudonym).first()).toBeVisible();
    await say(wei, "And I the cups.");
    await hears(ada, "And I the cups.");
  });

  await test.step("an admin shares what was said before: the newcomer reads it, marked, and everybody knows", async () => {
    const room = ada.page.getByRole("log");
    await expect(room.getByText("Who brings the cups?", { exact: true })).toHaveCount(0);
    await lineOf(lin.page, ada).getByRole("button").click();
    await lin.page.getByRole("menuitem", { name: "Share history…" }).click();
    await lin.page.getByRole("radio", { name: "Everything" }).click();
    await lin.page.getByRole("button", { name: "Share", exact: true }).click();
    const shared = room.getByRole("article").filter({ hasText: "Who brings the cups?" });
    await expect(shared).toContainText(`Shared by ${lin.pseudonym}`, settled);
    await expect(room.getByRole("article").first()).toContainText("Who brings the cups?");
    const notice = `${lin.pseudonym} shared what was said before with ${ada.pseudonym}`;
    await expect(wei.page.getByRole("log").getByText(notice)).toBeVisible(settled);
  });

  await test.step("a new name reaches everybody", async () => {
    const details = await openDetails(lin, "Tea house");
    await details.getByRole("button", { name: "Edit" }).click();
    await lin.page.getByLabel("Name of the group").fill("Tea garden");
    await lin.page.getByRole("button", { name: "Save" }).click();
    for (const { page } of [lin, wei, ada]) {
      await expect(page.getByRole("region", { name: "Conversation with Tea garden" })).toBeVisible(settled);
    }
  });

  await test.step("whoever is removed sees it, cannot write, and hears nothing that is said afterwards", async () => {
    await lineOf(lin.page, ada).getByRole("button").click();
    await lin.page.getByRole("menuitem", { name: "Remove from the group" }).click();
    await lin.page.getByRole("button", { name: "Remove", exact: true }).click();
    await expect(ada.page.getByText(/removed you from this group/).first()).toBeVisible(settled);
    await expect(ada.page.getByLabel("Message", { exact: true })).toBeHidden();
    await expect(lineOf(lin.page, ada)).toBeHidden(settled);
    await say(lin, "Now it is the two of us.");
    await hears(wei, "Now it is the two of us.");
    await ada.page.reload();
    await openGroup(ada, "Tea garden");
    await expect(ada.page.getByRole("log").getByText("I bring biscuits.", { exact: true })).toBeVisible();
    await expect(ada.page.getByText("Now it is the two of us.")).toHaveCount(0);
  });

  await test.step("somebody leaves; the others see it", async () => {
    const details = await openDetails(wei, "Tea garden");
    await details.getByRole("button", { name: "Leave the group" }).click();
    await wei.page.getByRole("button", { name: "Leave", exact: true }).click();
    await expect(wei.page.getByText(/You have left this group/).first()).toBeVisible(settled);
    await expect(wei.page.getByLabel("Message", { exact: true })).toBeHidden();
    await expect(lineOf(lin.page, wei)).toBeHidden(settled);
  });
});
