import { expect, test, uniqueName } from "./support/fixtures.ts";
import { attach, confirm, giveSkm, walletOf } from "./support/money.ts";
import { befriend, join } from "./support/people.ts";
import { sentence } from "./support/words.ts";

// As a production chain is on a bad day: nothing of what follows may need a node that works.
test.use({ nodes: "failing" });

/** Blocks come every second or so, and two relays have to agree. */
const soon = { timeout: 40_000 };

test("two people: one pays, the other asks, the request is paid; both see all of it final", async ({
  person,
  network,
}) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei"), wallet: false });
  await Promise.all([join(lin), join(wei)]);
  await giveSkm(network, await walletOf(lin), "100");
  await befriend(lin, wei);
  const injected = lin.wallet;
  if (!injected) throw new Error("Lin has a wallet in the browser.");
  const signatures = () => injected.requests.filter((method) => method === "eth_signTypedData_v4").length;
  const before = signatures();
  const dialog = lin.page.getByRole("dialog");
  const draft = lin.page.getByLabel("Message", { exact: true });

  await test.step("more than there is cannot be paid, and what was typed stays", async () => {
    await draft.fill("not said yet");
    await attach(lin.page, "Send money");
    await expect(dialog.getByText("You have 100 SKM")).toBeVisible(soon);
    await dialog.getByLabel("Amount").fill("100.000000000000000001");
    await dialog.getByLabel("Amount").press("Enter");
    await expect(dialog.getByText(sentence("AMOUNT_OVER_BALANCE"))).toBeVisible();
    await expect(dialog.getByLabel("Amount")).toHaveValue("100.000000000000000001");
    await expect(draft, "the key was for the sheet alone").toHaveValue("not said yet");
  });

  await test.step("the review says whom, how much, what is left, and that it is the first time", async () => {
    await dialog.getByLabel("Amount").fill("12.5");
    await dialog.getByLabel("Note (optional)").fill("For the tea");
    await dialog.getByRole("button", { name: "Review" }).click();
    await expect(dialog.getByText(`You have not paid ${wei.pseudonym} before.`)).toBeVisible(soon);
    await expect(dialog.getByText("87.5 SKM")).toBeVisible();
  });

  await test.step("refused in the wallet: nothing happens, and it can be tried again", async () => {
    injected.refuse = "sign";
    await confirm(lin, "Send 12.5 SKM");
    await expect(dialog.getByText(sentence("WALLET_REFUSED"))).toBeVisible(soon);
    injected.refuse = "nothing";
    const asked = signatures();
    await confirm(lin, "Send 12.5 SKM");
    await expect(dialog).toBeHidden(soon);
    expect(signatures() - asked, "one prompt of the wallet").toBe(1);
    expect(signatures() - before, "and the refused one").toBe(2);
  });

  await test.step("both see it final", async () => {
    await draft.fill("");
    const cards = [
      lin.page.getByRole("article", { name: `Your payment to ${wei.pseudonym}` }),
      wei.page.getByRole("article", { name: `Payment from ${lin.pseudonym} to you` }),
    ];
    for (const card of cards) {
      await expect(card.getByText("12.5 SKM").first()).toBeVisible(soon);
      await expect(card.getByText("For the tea")).toBeVisible();
      await expect(card.getByText("Final", { exact: true })).toBeVisible(soon);
    }
    await expect(wei.page.getByText("It is in your wallet.")).toBeVisible();
  });

  await test.step("the other asks for some of it, the request is paid", async () => {
    await attach(wei.page, "Ask for money");
    await wei.page.getByRole("dialog").getByLabel("Amount").fill("2.5");
    await wei.page.getByRole("dialog").getByRole("button", { name: "Send request", exact: true }).click();
    const request = lin.page.getByRole("article", { name: `${wei.pseudonym} asks for money` });
    await expect(request.getByText("2.5 SKM").first()).toBeVisible(soon);
    await request.getByRole("button", { name: "Pay", exact: true }).click();
    await expect(dialog).toBeVisible();
    await expect(dialog.getByText("85 SKM")).toBeVisible(soon);
    await confirm(lin, "Send 2.5 SKM");
    for (const [page, name] of [
      [lin.page, `${wei.pseudonym} asks for money`],
      [wei.page, "You ask for money"],
    ] as const) {
      const card = page.getByRole("article", { name });
      await expect(card.getByText("Paid", { exact: true }).first()).toBeVisible(soon);
      await expect(page.getByText("Final", { exact: true })).toHaveCount(2, soon);
    }
  });

  await test.step("balance and history say it, too", async () => {
    await lin.page.goto("/me/");
    const section = lin.page.getByRole("region", { name: "Money" });
    await expect(section.getByText("85 SKM")).toBeVisible(soon);
    await section.getByRole("button", { name: "Payments" }).click();
    const list = lin.page.getByRole("dialog");
    await expect(list.getByText("−12.5 SKM")).toBeVisible(soon);
    await expect(list.getByText("−2.5 SKM")).toBeVisible();
  });
});

test("the plus of the composer gives the keyboard back", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei"), wallet: false });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  const { page } = lin;
  const plus = page.getByRole("button", { name: "More to send" });
  await plus.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Ask for money" }).press("Enter");
  await expect(page.getByRole("dialog", { name: "Ask for money" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(plus).toBeFocused();

  await test.step("a window made wider leaves the keyboard in the sheet", async () => {
    const wide = page.viewportSize();
    if (!wide) throw new Error("The window has a size.");
    await page.setViewportSize({ width: 390, height: 844 });
    await plus.click();
    await page.getByRole("menuitem", { name: "Ask for money" }).click();
    const amount = page.getByRole("dialog").getByLabel("Amount", { exact: true });
    await amount.fill("0.000000000000012345");
    await page.setViewportSize(wide);
    await expect(page.getByRole("navigation", { includeHidden: true }).first()).toBeVisible();
    await expect(amount).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("article", { name: "You ask for money" })).toBeVisible(soon);
  });
});
