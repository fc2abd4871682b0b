import type { Page } from "@playwright/test";
import { narrow, type openAlbum, wide, type wordsOf } from "./album.ts";

interface DevicesTour {
  /** In a browser with an identity, and with a conversation. */
  page: Page;
  /** In a browser that has none yet. */
  fresh: Page;
  /** In a browser of the same wallet: goes in with it and finds nothing. */
  returning: { page: Page; join(): Promise<void> };
  t: ReturnType<typeof wordsOf>;
  album: Pick<ReturnType<typeof openAlbum>, "shot" | "glimpse">;
}

const tall = [
  { ...wide, height: 2400 },
  { ...narrow, height: 2900 },
];

/** From one device to two and back, the history in a file, and every screen on the way. */
export async function tourDevices({ page, fresh, returning, t, album: { shot, glimpse } }: DevicesTour): Promise<void> {
  const button = (text: string, from = page) => from.getByRole("button", { name: text, exact: true }).first();
  const heading = (text: string, from = page) => from.getByRole("heading", { name: text, exact: true });
  const enter = async (text: string) => {
    await page.getByLabel(t("devices.textThere")).fill(text);
    await button(t("common.continue")).click();
  };

  await fresh.goto("/");
  await button(t("devices.linkTitle"), fresh).click();
  const text = await fresh.getByRole("textbox", { name: t("devices.text") }).inputValue();
  await shot(fresh, "60-link-code", [
    { ...wide, height: 900 },
    { ...narrow, height: 1000 },
  ]);

  await page.goto("/approve/");
  await shot(page, "61-approve");
  await enter("https://example.org/");
  await page.getByText(t("devices.notACode")).waitFor();
  await shot(page, "62-approve-error");
  await enter(text);
  await page.getByTestId("check-code").waitFor();
  await shot(page, "63-approve-digits");
  await button(t("devices.differ")).click();
  await shot(page, "64-approve-differ");
  await enter(text);
  await fresh.context().setOffline(true);
  await button(t("devices.same")).click();
  await heading(t("devices.sendingTitle")).waitFor();
  await shot(page, "65-approve-progress");
  await page.getByRole("link", { name: t("nav.chats") }).click();
  await button(t("devices.stop")).waitFor();
  await shot(page, "66-transfer-line");
  await button(t("devices.stop")).click();
  await shot(page, "67-transfer-stop");
  await page.keyboard.press("Escape");
  await fresh.context().setOffline(false);
  await heading(t("devices.comingTitle"), fresh).waitFor({ timeout: 60_000 });
  await glimpse(fresh, "68-link-progress");
  await heading(t("devices.doneTitle"), fresh).waitFor({ timeout: 90_000 });
  await shot(fresh, "69-link-done");
  await page.getByText(t("devices.lineWent")).waitFor({ timeout: 90_000 });
  await page.goto("/approve/");
  await page.goto("/me/");
  await page.getByRole("list", { name: t("devices.title") }).waitFor();
  await button(t("history.save")).click();
  await page.getByRole("status").filter({ hasText: "KB" }).waitFor();
  await shot(page, "70-devices-history", tall);
  await page.getByRole("switch", { name: t("history.relays") }).click();
  await page.getByText(t("history.backedUp")).waitFor();
  await shot(page, "79-backup-relays", tall);
  await page.getByRole("switch", { name: t("history.relays") }).click();
  await shot(page, "80-backup-delete");
  await button(t("history.dropAction")).click();
  await page.getByRole("button", { name: t("history.bring") }).waitFor();

  const line = page
    .getByRole("list", { name: t("devices.title") })
    .getByRole("listitem")
    .nth(1);
  await line.getByRole("button").click();
  await shot(page, "71-device-menu", [wide]);
  await page.getByRole("menuitem", { name: t("devices.rename") }).click();
  await shot(page, "72-device-rename");
  await page.keyboard.press("Escape");
  await line.getByRole("button").click();
  await page.getByRole("menuitem", { name: t("devices.revoke") }).click();
  await shot(page, "73-device-remove");
  await page.getByRole("switch", { name: t("devices.lost") }).click();
  await shot(page, "73-device-lost");
  await button(t("common.continue")).click();
  await page.getByRole("heading", { name: t("walletSheet.title") }).waitFor();
  await shot(page, "73-device-wallet");
  await page.keyboard.press("Escape");
  await line.getByRole("button").click();
  await page.getByRole("menuitem", { name: t("devices.revoke") }).click();
  await button(t("devices.open"), fresh).click();
  await fresh
    .getByRole("list", { name: t("chats.list") })
    .getByRole("link")
    .first()
    .click();
  await button(t("devices.revokeAction")).click();
  await fresh.getByText(t("devices.revokedTitle")).waitFor({ timeout: 60_000 });
  await shot(fresh, "74-device-removed");

  await returning.join();
  await button(t("devices.bringAction"), returning.page).waitFor({ timeout: 60_000 });
  await shot(returning.page, "77-bring-here");
  await button(t("devices.bringAction"), returning.page).click();
  await heading(t("devices.bringTitle"), returning.page).waitFor();
  await shot(returning.page, "78-bring-code", [{ ...narrow, height: 1000 }]);
}
