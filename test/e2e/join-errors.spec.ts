import { readFileSync } from "node:fs";
import { generatePrivateKey } from "viem/accounts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { enterCode, goIn, join, type Person, walkToCode } from "./support/people.ts";
import { sentence } from "./support/words.ts";

// As a production chain is on a bad day: nothing of what follows may need a node that works.
test.use({ nodes: "failing" });

test("a wrong security code is said, and the right one still works", async ({ person }) => {
  const pseudonym = uniqueName("lin");
  const privateKey = generatePrivateKey();
  await join(await person({ pseudonym, wallet: { privateKey } }));

  const again = await person({ pseudonym, wallet: { privateKey } });
  const right = again.code;
  again.code = "not the one I chose";
  await walkToCode(again);
  await enterCode(again);
  await expect(again.page.getByText(sentence("WRONG_SECURITY_CODE"))).toBeVisible();
  await again.page.getByRole("button", { name: "Change something" }).click();
  again.code = right;
  await enterCode(again);
  await goIn(again);
});

test("a refused signature keeps what was typed and can be tried again", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin"), wallet: { behaviour: { refuse: "sign" } } });
  await walkToCode(lin);
  await enterCode(lin);
  await expect(lin.page.getByText(sentence("WALLET_REFUSED"))).toBeVisible();
  if (lin.wallet) lin.wallet.refuse = "nothing";
  await lin.page.getByRole("button", { name: "Try again" }).click();
  await expect(lin.page.getByRole("heading", { name: "Chats" })).toBeVisible();
});

test("a refused connection leads back to the choice of wallets", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin"), wallet: { behaviour: { refuse: "connect" } } });
  await lin.page.goto("/");
  await lin.page.getByRole("button", { name: "Get started" }).click();
  await lin.page.getByRole("button", { name: "Connect Test Wallet" }).click();
  await expect(lin.page.getByText(sentence("WALLET_REFUSED"))).toBeVisible();
  if (lin.wallet) lin.wallet.refuse = "nothing";
  await lin.page.getByRole("button", { name: "Connect Test Wallet" }).click();
  await expect(lin.page.getByLabel("Pseudonym", { exact: true })).toBeVisible();
});

test("a wallet on another chain is asked to change, and a refusal is explained", async ({ person }) => {
  const behaviour = { chainId: 1, refuse: "switch" } as const;
  const lin = await person({ pseudonym: uniqueName("lin"), wallet: { behaviour } });
  await walkToCode(lin);
  await enterCode(lin);
  await expect(lin.page.getByText(sentence("WALLET_REFUSED"))).toBeVisible();
  if (lin.wallet) lin.wallet.refuse = "nothing";
  await lin.page.getByRole("button", { name: "Try again" }).click();
  await expect(lin.page.getByRole("heading", { name: "Chats" })).toBeVisible();
  expect(lin.wallet?.requests).toContain("wallet_addEthereumChain");
  expect(lin.wallet?.chainId).toBe(7586);
});

test("a wallet that changed its account meanwhile does not sign for the other one", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  await walkToCode(lin);
  await lin.wallet?.changeAccount();
  await enterCode(lin);
  await expect(lin.page.getByText(sentence("WALLET_CHANGED_ACCOUNT"))).toBeVisible();
});

test("a wallet that cannot repeat a signature gets a backup file that opens the identity elsewhere", async ({
  person,
}) => {
  const pseudonym = uniqueName("lin");
  const wallet = { privateKey: generatePrivateKey(), behaviour: { repeatable: false } };
  const first = await person({ pseudonym, wallet });
  await walkToCode(first);
  await enterCode(first);
  const download = first.page.waitForEvent("download");
  await first.page.getByRole("button", { name: "Download backup" }).click();
  const backup = readFileSync(await (await download).path());
  await first.page.getByRole("button", { name: "Continue" }).click();
  await expect(first.page.getByRole("heading", { name: "Chats" })).toBeVisible();

  const second = await person({ pseudonym, wallet });
  await walkToCode(second);
  const file = { name: "skrumble-backup.bin", mimeType: "application/octet-stream", buffer: backup };
  await second.page.getByLabel("Backup file").setInputFiles(file);
  await enterCode(second);
  await goIn(second);
});

test("pseudonyms that cannot be had are refused while typing", async ({ person }) => {
  const taken = uniqueName("lin");
  await join(await person({ pseudonym: taken }));
  const wei = await person({ pseudonym: uniqueName("wei") });
  await wei.page.goto("/");
  await wei.page.getByRole("button", { name: "Get started" }).click();
  await wei.page.getByRole("button", { name: "Connect Test Wallet" }).click();
  const field = wei.page.getByLabel("Pseudonym", { exact: true });
  const next = wei.page.getByRole("button", { name: "Continue" });
  const cases: [string, string | RegExp][] = [
    [taken, `${taken} belongs to somebody else.`],
    ["pаypal", "letters that look alike"],
    ["x".repeat(70), "Too long."],
    ["li n.wei", "some signs are not possible"],
    ["ab", "A little longer"],
  ];
  for (const [name, hint] of cases) {
    await field.fill(name);
    await expect(wei.page.getByText(hint)).toBeVisible();
    await expect(next).toBeDisabled();
  }
  await field.fill("微风");
  await expect(wei.page.getByText("微风 is free.")).toBeVisible();
  await expect(next).toBeEnabled();
});

test("two people who register one name at the same time do not both get it", async ({ person }) => {
  const pseudonym = uniqueName("twin");
  const people = [await person({ pseudonym }), await person({ pseudonym })];
  for (const twin of people) await walkToCode(twin);
  await Promise.all(people.map(enterCode));
  const joined = await Promise.all(
    people.map(async ({ page }) => {
      const chats = page.getByRole("heading", { name: "Chats" });
      const taken = page.getByText(sentence("NAME_TAKEN"));
      await expect(chats.or(taken).first()).toBeVisible({ timeout: 60_000 });
      return chats.isVisible();
    }),
  );
  expect(joined.filter(Boolean)).toHaveLength(1);
});

test("a link to somebody who does not exist is explained", async ({ person }) => {
  const link = `/#/add/nobody-here~${Buffer.alloc(32, 7).toString("base64url")}`;
  const explained = ({ page }: Person) =>
    expect(page.getByText(sentence("NAME_NOT_FOUND")).or(page.getByText(sentence("PERSON_NOT_FOUND")))).toBeVisible();
  const lin = await person({ pseudonym: uniqueName("lin") });
  await join(lin);
  await lin.page.goto(link);
  await explained(lin);
  // The same for somebody who has not joined yet, and does not wait until the page has found the network.
  const stranger = await person({ pseudonym: uniqueName("new"), wallet: false });
  await walkToCode(stranger, link);
  await enterCode(stranger);
  await explained(stranger);
});
