import type { Page } from "@playwright/test";
import { parseEther } from "viem";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { makeGroup, openGroup } from "./support/groups.ts";
import { attach, confirm, giveSkm, walletOf } from "./support/money.ts";
import { befriend, join, type Person } from "./support/people.ts";

// As a production chain is on a bad day: nothing of what follows may need a node that works.
test.use({ nodes: "failing" });

/** Five browsers share the cores, and a share is drawn two blocks after it was taken. */
const soon = { timeout: 90_000 };
const group = "Tea house";

test("five people in a group, one lucky packet: all open it, and the shares are the whole", async ({
  person,
  network,
}) => {
  test.setTimeout(420_000);
  const lin = await person({ pseudonym: uniqueName("lin") });
  const others: Person[] = [];
  for (const stem of ["wei", "ada", "mia", "rui"]) others.push(await person({ pseudonym: uniqueName(stem) }));
  const all = [lin, ...others];
  for (const one of all) await join(one);
  await giveSkm(network, await walletOf(lin), "100");
  for (const other of others) {
    await befriend(lin, other);
    await lin.page.goto("/chats/");
  }
  await makeGroup(lin, group, others);
  for (const one of others) await openGroup(one, group);

  await test.step("one makes it, with one prompt of the wallet", async () => {
    await attach(lin.page, "Red packet");
    const dialog = lin.page.getByRole("dialog");
    await dialog.getByLabel("In all").fill("88");
    await dialog.getByLabel("Shares").fill("5");
    await dialog.getByLabel("Words (optional)").fill("For everybody");
    await dialog.getByRole("button", { name: "Review" }).click();
    const asked = lin.wallet?.requests.filter((method) => method === "eth_signTypedData_v4").length ?? 0;
    await confirm(lin, "Send red packet");
    await expect(dialog).toBeHidden(soon);
    const now = lin.wallet?.requests.filter((method) => method === "eth_signTypedData_v4").length ?? 0;
    expect(now - asked).toBe(1);
  });

  const packetIn = (page: Page) =>
    page.getByRole("article", { name: page === lin.page ? "Your red packet" : `Red packet from ${lin.pseudonym}` });

  await test.step("all five open it", async () => {
    for (const { page } of all) {
      const card = packetIn(page);
      await card.getByRole("button", { name: /For everybody/ }).click(soon);
      await page.getByRole("dialog").getByRole("button", { name: "Open", exact: true }).click();
    }
    for (const { page } of all) {
      await expect(page.getByRole("dialog").getByText("It is in your wallet.")).toBeVisible(soon);
      await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    }
  });

  await test.step("everybody sees the same shares, which are the whole, and who was luckiest", async () => {
    for (const { page } of all) {
      const card = packetIn(page);
      await card.getByRole("button", { name: /For everybody/ }).click();
      const list = page.getByRole("list", { name: "Who got how much" });
      await expect(list.getByRole("listitem")).toHaveCount(5, soon);
      await expect(list.getByText("Luckiest")).toHaveCount(1, soon);
      const shares = await list
        .locator("data")
        .evaluateAll((nodes) => nodes.map((node) => (node as HTMLDataElement).value));
      expect(shares.reduce((sum, share) => sum + BigInt(share), 0n)).toBe(parseEther("88"));
      await page.keyboard.press("Escape");
    }
  });
});
