import { expect, test, uniqueName } from "./support/fixtures.ts";
import { attach, confirm, giveSkm, walletOf } from "./support/money.ts";
import { befriend, enterCode, goIn, hears, join, say, walkToCode } from "./support/people.ts";

test.use({ nodes: "failing" });

/** Blocks come every second or so, and nodes that fail have to be asked again. */
const soon = { timeout: 60_000 };
const waits = "The chain makes no new blocks at the moment.";

test("the chain stands still for a minute: people talk, what was begun says that it waits, and goes on once", async ({
  person,
  network,
}) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei"), wallet: false });
  const ada = await person({ pseudonym: uniqueName("ada") });
  await Promise.all([join(lin), join(wei)]);
  await giveSkm(network, await walletOf(lin), "100");
  await befriend(lin, wei);
  await walkToCode(ada);
  await attach(lin.page, "Send money");
  const dialog = lin.page.getByRole("dialog");
  await expect(dialog.getByText("You have 100 SKM")).toBeVisible(soon);
  await dialog.getByLabel("Amount").fill("12.5");
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByText("87.5 SKM")).toBeVisible(soon);

  const goOn = network.failing?.stall();
  const since = Date.now();
  await confirm(lin, "Send 12.5 SKM");
  await enterCode(ada);
  const sent = lin.page.getByRole("article", { name: `Your payment to ${wei.pseudonym}` });

  await test.step("everybody who waits is told so", async () => {
    await expect(sent.getByText(waits)).toBeVisible(soon);
    await expect(ada.page.getByText(waits)).toBeVisible(soon);
  });

  await test.step("words go both ways all the while", async () => {
    await say(lin, "The money comes later.");
    await hears(wei, "The money comes later.");
    await say(wei, "No hurry.");
    await hears(lin, "No hurry.");
  });

  await test.step("nothing is done before the chain goes on", async () => {
    await lin.page.waitForTimeout(60_000 - (Date.now() - since));
    await expect(sent.getByText("Final", { exact: true })).toBeHidden();
    await expect(ada.page.getByRole("heading", { name: "Chats" })).toBeHidden();
  });

  goOn?.();
  await expect(sent.getByText("Final", { exact: true })).toBeVisible(soon);
  await goIn(ada);
  const got = wei.page.getByRole("article", { name: `Payment from ${lin.pseudonym} to you` });
  await expect(got.getByText("Final", { exact: true })).toBeVisible(soon);
  await lin.page.goto("/me/");
  await expect(lin.page.getByRole("region", { name: "Money" }).getByText("87.5 SKM")).toBeVisible(soon);
});
