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
}
