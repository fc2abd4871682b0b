import { expect, test, uniqueName } from "./support/fixtures.ts";
import { pressOn, tabTo, writeInto } from "./support/keys.ts";
import { hears, join, linkOf } from "./support/people.ts";

test("somebody without a mouse joins, finds a person, writes and looks who can read it", async ({ person }) => {
  const ada = await person({ pseudonym: uniqueName("ada"), wallet: false });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(wei);
  const link = await linkOf(wei);
  const { page } = ada;
  const { keyboard } = page;

  await test.step("join", async () => {
    await page.goto("/");
    await pressOn(page.getByRole("button", { name: "Get started" }));
    await pressOn(page.getByRole("button", { name: "Create a wallet here" }));
    await tabTo(page.getByRole("checkbox", { name: "I have written the words down" }));
    await keyboard.press("Space");
    await pressOn(page.getByRole("button", { name: "Continue" }));
    await writeInto(page.getByLabel("Pseudonym", { exact: true }), ada.pseudonym);
    await expect(page.getByText(`${ada.pseudonym} is free.`)).toBeVisible();
    await keyboard.press("Enter");
    await writeInto(page.getByLabel("Security code", { exact: true }), ada.code);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Chats" })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("the first stop skips the navigation", async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: "Chats" })).toBeVisible();
    await keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Skip to content" })).toBeFocused();
    await keyboard.press("Enter");
    await expect(page.locator("#content")).toBeFocused();
  });

  await test.step("find a person and ask", async () => {
    await pressOn(page.getByRole("button", { name: "Add contact" }).first());
    await writeInto(page.getByLabel("Pseudonym or link", { exact: true }), link);
    await keyboard.press("Enter");
    await writeInto(page.getByLabel("First words (optional)"), "No mouse here.");
    await pressOn(page.getByRole("button", { name: "Send request" }));
    await expect(page.getByText(`Waiting for ${wei.pseudonym}`)).toBeVisible();
    await pressOn(wei.page.getByRole("button", { name: "Accept" }));
  });

  await test.step("write, with a second line", async () => {
    await writeInto(page.getByLabel("Message", { exact: true }), "Written");
    await keyboard.press("Shift+Enter");
    await keyboard.type("by keyboard");
    await keyboard.press("Enter");
    await hears(wei, "Written\nby keyboard");
    await writeInto(wei.page.getByLabel("Message", { exact: true }), "Read by keyboard");
    await wei.page.keyboard.press("Enter");
    await hears(ada, "Read by keyboard");
  });

  await test.step("the trust sheet opens, keeps the focus, and gives it back", async () => {
    const lock = page.getByRole("button", { name: /Who can read this/ });
    await pressOn(lock);
    const sheet = page.getByRole("dialog");
    await pressOn(sheet.getByRole("button", { name: "It is the same" }));
    await expect(sheet.getByText(`${wei.pseudonym} is verified`)).toBeVisible();
    await tabTo(sheet.getByRole("button", { name: "Close" }));
    await keyboard.press("Escape");
    await expect(sheet).toBeHidden();
    await expect(lock).toBeFocused();
  });
});
