import { chooseFor, enterText, handOver, openApproval, showText } from "./support/devices.ts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, enterCode, hears, join, say, walkToCode } from "./support/people.ts";
import { expectUsable } from "./support/usable.ts";

for (const [theme, width] of [
  ["light", 1280],
  ["dark", 390],
] as const) {
  test(`every screen is usable by everybody: ${theme}, ${width} px wide`, async ({ person }) => {
    const context = { colorScheme: theme, viewport: { width, height: 800 }, reducedMotion: "reduce" } as const;
    const lin = await person({ pseudonym: uniqueName("lin"), context });
    const wei = await person({ pseudonym: uniqueName("wei") });
    await lin.page.goto("/");
    await expect(lin.page.getByRole("button", { name: "Get started" })).toBeVisible();
    await expectUsable(lin.page, "welcome");
    await lin.page.getByRole("button", { name: "Get started" }).click();
    await expect(lin.page.getByRole("button", { name: "Create a wallet here" })).toBeVisible();
    await expectUsable(lin.page, "wallets");
    await walkToCode(lin);
    await expectUsable(lin.page, "security code");
    await enterCode(lin);
    await expect(lin.page.getByRole("heading", { name: "Chats" })).toBeVisible({ timeout: 60_000 });
    await expectUsable(lin.page, "chats, empty");
    await join(wei);
    await befriend(lin, wei);
    await say(lin, "Can everybody use this?");
    await hears(wei, "Can everybody use this?");
    await expectUsable(lin.page, "conversation");
    await lin.page.getByRole("button", { name: /Who can read this/ }).click();
    await expect(lin.page.getByTestId("safety-number")).toBeVisible();
    await expectUsable(lin.page, "trust");
    await lin.page.keyboard.press("Escape");
    for (const path of ["/add/", "/calls/", "/me/"]) {
      await lin.page.goto(path);
      await expect(lin.page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      await expectUsable(lin.page, path);
    }
  });

  test(`every screen of one's devices is usable by everybody: ${theme}, ${width} px wide`, async ({ person }) => {
    const context = { colorScheme: theme, viewport: { width, height: 800 }, reducedMotion: "reduce" } as const;
    const lin = await person({ pseudonym: uniqueName("lin"), context });
    await join(lin);
    const pocket = await person({ pseudonym: lin.pseudonym, wallet: false, context });
    const text = await showText(pocket);
    await expectUsable(pocket.page, "code of a new device");
    await openApproval(lin);
    await expectUsable(lin.page, "approval of a new device");
    await enterText(lin, text);
    await expectUsable(lin.page, "digits to compare");
    await handOver(lin, pocket);
    await expectUsable(pocket.page, "everything has come");
    await lin.page.getByRole("button", { name: "To my devices" }).click();
    for (const action of ["Rename", "Remove"] as const) {
      await chooseFor(lin, "last seen", action);
      await expect(lin.page.getByRole("dialog")).toBeVisible();
      await expectUsable(lin.page, `device: ${action}`);
      await lin.page.keyboard.press("Escape");
    }
    await chooseFor(lin, "last seen", "Remove");
    await lin.page.getByRole("button", { name: "Remove device" }).click();
    // The sheet stays until the device is off the list.
    await expect(lin.page.getByRole("dialog")).toBeHidden({ timeout: 40_000 });
    await pocket.page.getByRole("button", { name: "Open Skrumble" }).click();
    await expect(pocket.page.getByText("This device was removed from your identity.")).toBeVisible({ timeout: 40_000 });
    await expectUsable(pocket.page, "removed device");
  });
}
