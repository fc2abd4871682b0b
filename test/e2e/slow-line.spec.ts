import { expect, test, uniqueName } from "./support/fixtures.ts";

test("whoever presses a button before its code has come is not kept waiting for nothing", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const { page } = lin;
  let letThrough: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route("**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/", { waitUntil: "commit" });
  await page.getByRole("button", { name: "Get started" }).click();
  letThrough();
  await expect(page.getByRole("button", { name: `Connect ${lin.wallet?.name}` })).toBeVisible();
});
