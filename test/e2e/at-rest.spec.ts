import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { generatePrivateKey } from "viem/accounts";
import { rpc } from "../../scripts/chain/rpc.ts";
import { findSecret, readEverything } from "./support/bytes.ts";
import { expect, test } from "./support/fixtures.ts";
import { expectMovingPicture } from "./support/media.ts";
import { type E2eNetwork, openNetwork } from "./support/network.ts";
import { befriend, hears, join as joinNetwork, newPerson, type Person, say } from "./support/people.ts";

const texts = ["The key is under the third flowerpot", "我把钥匙放在第三个花盆下面"] as const;

test("relays and chain keep nothing that tells who talks, what is said, or from where", async ({ browser }) => {
  const network = await openNetwork();
  try {
    const lin = await newPerson(browser, network.url, {
      pseudonym: "quiet-heron-lin",
      code: "orchid violin seventeen kettle",
      wallet: { privateKey: generatePrivateKey() },
    });
    const wei = await newPerson(browser, network.url, {
      pseudonym: "quiet-heron-wei",
      code: "saffron glacier forty umbrella",
      wallet: false,
    });
    await talkAndCall(lin, wei);
    const people = await Promise.all([lin, wei].map(publicIdOf));
    const pairs = await transactionsNaming(network, lin.pseudonym, wei.pseudonym, people);
    for (const { context, problems } of [lin, wei]) {
      await context.close();
      expect(problems).toEqual([]);
    }

    await network.pause();
    const relays = network.relays.flatMap((relay) => readEverything(relay.dataDir));
    const logs = network.relays.flatMap((relay) => readEverything(join(relay.logFile, "..")));
    const chain = readEverything(join(network.stateDir, "chain"));
    const relayFiles = [...relays, ...logs].filter(({ path }) => !path.endsWith("relay.key.json"));

    await test.step("the search itself works: names are public on the chain, and only one at a time", () => {
      expect(relays.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(10_000);
      expect(findSecret(chain, lin.pseudonym)).not.toEqual([]);
      expect(pairs).toEqual({ both: 0, lin: expect.any(Number), wei: expect.any(Number) });
      expect(pairs.lin).toBeGreaterThan(0);
      expect(pairs.wei).toBeGreaterThan(0);
    });

    await test.step("no plaintext and no security code anywhere", () => {
      for (const secret of [...texts, lin.code, wei.code])
        expect(findSecret([...relayFiles, ...chain], secret)).toEqual([]);
    });

    await test.step("no pseudonym and no public ID at a relay", () => {
      for (const secret of [lin.pseudonym, wei.pseudonym, ...people.map((id) => Buffer.from(id.slice(2), "hex"))]) {
        expect(findSecret(relayFiles, secret)).toEqual([]);
      }
    });

    await test.step("no key: neither a wallet's nor a session's", () => {
      const key = lin.wallet?.privateKey ?? "";
      expect(findSecret([...relayFiles, ...chain], Buffer.from(key.slice(2), "hex"))).toEqual([]);
    });

    await test.step("no address of a person: no candidate and no address of this machine in what was stored", () => {
      const addresses = Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        .filter(({ internal }) => !internal)
        .map(({ address }) => address);
      for (const secret of ["candidate:", "a=ice-ufrag", "typ host", ...addresses]) {
        expect(findSecret([...relayFiles, ...chain], secret)).toEqual([]);
      }
      expect(findSecret(relays, "127.0.0.1")).toEqual([]);
    });
  } finally {
    await network.stop();
  }
});

async function talkAndCall(lin: Person, wei: Person) {
  await joinNetwork(lin);
  await joinNetwork(wei);
  await befriend(lin, wei);
  await say(lin, texts[0]);
  await hears(wei, texts[0]);
  await say(wei, texts[1]);
  await hears(lin, texts[1]);
  await lin.page.getByRole("button", { name: "Video call" }).click();
  await wei.page.getByRole("button", { name: "Answer", exact: true }).click();
  await expectMovingPicture(wei.page, `Video of ${lin.pseudonym}`);
  await expect(lin.page.getByTestId("call-certificate")).toHaveAttribute("data-state", "certified");
  await lin.page.getByRole("button", { name: "Hang up" }).click();
  await expect(lin.page.getByRole("button", { name: "Hang up" })).toBeHidden();
}

async function publicIdOf({ page }: Person): Promise<string> {
  await page.getByRole("link", { name: "Me", exact: true }).click();
  return (await page.getByTestId("public-id").getAttribute("data-public-id")) ?? "";
}

/** How many transactions name one of the two people, and how many name both. */
async function transactionsNaming(network: E2eNetwork, lin: string, wei: string, ids: readonly string[]) {
  const url = network.chain.rpcUrl;
  const head = Number(await rpc<string>(url, "eth_blockNumber", []));
  const spell = (name: string, id = "") => [Buffer.from(name).toString("hex"), id.slice(2).toLowerCase()];
  const needles = { lin: spell(lin, ids[0]), wei: spell(wei, ids[1]) };
  const found = { lin: 0, wei: 0, both: 0 };
  for (let number = 0; number <= head; number++) {
    const block = await rpc<{ transactions: { input: string }[] }>(url, "eth_getBlockByNumber", [
      `0x${number.toString(16)}`,
      true,
    ]);
    for (const { input } of block.transactions) {
      const names = (list: readonly string[]) => list.some((needle) => needle && input.includes(needle));
      const [a, b] = [names(needles.lin), names(needles.wei)];
      if (a) found.lin += 1;
      if (b) found.wei += 1;
      if (a && b) found.both += 1;
    }
  }
  return found;
}
