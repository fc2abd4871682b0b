import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, hears, join, say } from "./support/people.ts";

test("a long conversation opens at its end, and its beginning is in reach in any window", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  const count = 40;
  for (let i = 1; i <= count; i++) await say(lin, `line ${i} of many`);
  await hears(wei, `line ${count} of many`);

  const log = wei.page.getByRole("log");
  const newest = log.getByText(`line ${count} of many`, { exact: true });
  const oldest = log.getByText("line 1 of many", { exact: true });

  await test.step("the newest line is in view, the oldest is not even drawn", async () => {
    await wei.page.reload();
    await expect(newest).toBeInViewport();
    await expect(oldest).toBeHidden();
  });

  await test.step("the wheel leads to the beginning, a button back to the end", async () => {
    await log.hover();
    await expect(async () => {
      await wei.page.mouse.wheel(0, -1_500);
      await expect(oldest).toBeInViewport({ timeout: 500 });
    }).toPass();
    await wei.page.getByRole("button", { name: "To the latest message" }).click();
    await expect(newest).toBeInViewport();
  });

  await test.step("where a window has room for more than was loaded, more comes by itself", async () => {
    await wei.page.setViewportSize({ width: 1280, height: 4_000 });
    await wei.page.reload();
    await expect(newest).toBeInViewport();
    await expect(oldest).toBeInViewport();
  });
});
