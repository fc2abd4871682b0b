import { expect, test, uniqueName } from "./support/fixtures.ts";
import { join } from "./support/people.ts";

test("on a blank browser, the owner's wallet alone removes a lost device; another account's cannot", async ({
  person,
}) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  await join(lin);
  const key = lin.wallet?.privateKey as `0x${string}`;
  const blank = await person({ pseudonym: lin.pseudonym, wallet: { privateKey: key } });
  const { page } = blank;
  const connect = async () => {
    await page.goto("/join/");
    await page.getByRole("button", { name: `Connect ${blank.wallet?.name}` }).click();
    await expect(page.getByLabel("Pseudonym", { exact: true })).toBeVisible();
  };
  const open = page.getByRole("button", { name: "Remove devices" });

  await connect();
  await expect(page.getByText(`This wallet owns ${lin.pseudonym}.`)).toBeVisible();
  await open.click();
  const devices = page.getByRole("list", { name: "Devices to remove" }).getByRole("listitem");
  await expect(devices).toHaveCount(1);
  await devices.getByRole("switch").click();
  await expect(page.getByRole("button", { name: "Choose a device" })).toBeDisabled();
  await devices.getByRole("switch").click();

  if (blank.wallet) blank.wallet.refuse = "sign";
  await page.getByRole("button", { name: "Remove 1 device" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "You declined in the wallet." })).toBeVisible();
  if (blank.wallet) blank.wallet.refuse = "nothing";
  await page.getByRole("button", { name: "Remove 1 device" }).click();
  await expect(page.getByText(`1 device is off the list of ${lin.pseudonym}.`)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(`Nothing speaks as ${lin.pseudonym} now.`)).toBeVisible();

  await lin.page.reload();
  await expect(lin.page.getByText("This device was removed from your identity.").first()).toBeVisible({
    timeout: 30_000,
  });

  // Nothing is left to remove; and a stranger's wallet is offered nothing at all.
  await connect();
  await expect(page.getByLabel("Pseudonym", { exact: true })).toBeVisible();
  await expect(open).toHaveCount(0);
});
