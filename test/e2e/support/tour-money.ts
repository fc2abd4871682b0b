import type { Page } from "@playwright/test";
import type { Hex } from "viem";
import type { openAlbum, wordsOf } from "./album.ts";
import { giveSkm } from "./money.ts";
import type { E2eNetwork } from "./network.ts";

interface MoneyTour {
  network: E2eNetwork;
  /** Pays, with the wallet that was made here. */
  page: Page;
  /** Is paid, in the same conversation. */
  other: Page;
  t: ReturnType<typeof wordsOf>;
  shot: ReturnType<typeof openAlbum>["shot"];
  /** What goes with the money. */
  words: string;
  /** What owns the other person. */
  theirWallet: Hex;
}

const soon = { timeout: 60_000 };

/** A payment, a request, a bill, a red packet and what is left of all, and every screen on the way. */
export async function tourMoney({ network, page, other, t, shot, words, theirWallet }: MoneyTour): Promise<void> {
  const dialog = (from = page) => from.getByRole("dialog");
  const press = (key: string, from = page) =>
    dialog(from)
      .getByRole("button", { name: t(key), exact: true })
      .click();
  const attach = async (key: string, from = page) => {
    await from.getByRole("button", { name: t("money.attach") }).click();
    await from.getByRole("menuitem", { name: t(key), exact: true }).click();
    await dialog(from).waitFor();
  };
  const amount = (key = "money.amount", from = page) => dialog(from).getByLabel(t(key), { exact: true });
  const here = page.url();

  await page.goto("/me/");
  const wallet = await page
    .getByRole("region", { name: t("me.wallet"), exact: true })
    .locator("[title^='0x']")
    .getAttribute("title");
  await giveSkm(network, wallet as Hex, "12888.5");
  await giveSkm(network, theirWallet, "88");
  await page.goto(here);

  await page.getByRole("button", { name: t("money.attach") }).click();
  await shot(page, "90-attach");
  await page.keyboard.press("Escape");
  await attach("money.send");
  await dialog()
    .getByText(/12,888\.5/)
    .waitFor(soon);
  await shot(page, "91-send");
  await amount().fill("99999");
  await press("money.review");
  await dialog().getByText(t("errors.AMOUNT_OVER_BALANCE")).waitFor();
  await shot(page, "92-send-too-much");
  await dialog()
    .getByRole("button", { name: new RegExp(t("money.chooseAsset")) })
    .click();
  await shot(page, "93-assets");
  await press("money.addToken");
  await shot(page, "94-add-token");
  await press("common.back");
  await press("common.back");
  await amount().fill("12.5");
  await dialog().getByLabel(t("money.note"), { exact: true }).fill(words);
  await press("money.review");
  await dialog().getByText(t("money.haveNow"), { exact: true }).waitFor(soon);
  await shot(page, "95-review");
  await dialog()
    .getByRole("button", { name: t("money.sendAmount", { amount: "12.5 SKM" }) })
    .click();
  await dialog().waitFor({ state: "hidden", ...soon });
  await page.getByText(t("money.state.final"), { exact: true }).waitFor(soon);
  await shot(page, "96-paid");
  await other.getByText(t("money.says.finalMe"), { exact: true }).waitFor(soon);
  await shot(other, "97-received");

  await attach("money.ask", other);
  await amount("money.amount", other).fill("0.000000000000012345");
  await shot(other, "98-ask");
  await other.keyboard.press("Enter");
  await page.getByRole("button", { name: t("money.pay"), exact: true }).waitFor(soon);
  await shot(page, "99-asked");
  await page.getByRole("button", { name: t("money.pay"), exact: true }).click();
  await dialog().getByText(t("money.haveNow"), { exact: true }).waitFor(soon);
  await shot(page, "100-pay-asked");
  await page.keyboard.press("Escape");
  await other.getByRole("button", { name: t("money.withdraw"), exact: true }).click();
  await shot(other, "101-withdraw");
  await press("money.withdraw", other);

  await attach("money.packet");
  await amount("packets.total").fill("88");
  await shot(page, "102-packet");
  await dialog().getByLabel(t("packets.shares"), { exact: true }).fill("2");
  await press("money.review");
  await shot(page, "103-packet-review");
  await dialog()
    .getByRole("button", { name: t("packets.createAction") })
    .click();
  await dialog().waitFor({ state: "hidden", ...soon });
  const packet = (from: Page) => from.getByRole("button", { name: new RegExp(t("packets.wish")) }).last();
  await packet(other).waitFor(soon);
  await shot(other, "104-packet-closed");
  await packet(other).click();
  await shot(other, "105-packet-stage");
  await press("packets.open", other);
  await dialog(other).getByText(t("packets.yours"), { exact: true }).waitFor(soon);
  await shot(other, "106-packet-open");
  await press("packets.everybody", other);
  await other.getByRole("list", { name: t("packets.everybody") }).waitFor();
  await shot(other, "107-packet-shares");
  await other.keyboard.press("Escape");
  await shot(other, "108-packet-opened");

  await page.goto("/me/");
  const history = page.getByRole("button", { name: t("money.history") });
  await history.scrollIntoViewIfNeeded();
  await shot(page, "109-money");
  await history.click();
  await dialog().getByRole("listitem").first().waitFor(soon);
  await shot(page, "110-payments");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("packetHistory.title") }).click();
  await dialog()
    .getByRole("list", { name: t("packetHistory.list") })
    .waitFor(soon);
  await dialog()
    .getByText(t("packetHistory.asking"))
    .waitFor({ state: "detached", ...soon });
  await shot(page, "110-packet-history");
  await page.goto(here);
}
