import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readBalance } from "../../../src/chain/actions/readBalance.ts";
import type { Chain, Checkpoints } from "../../../src/chain/chain.ts";
import type { Address } from "../../../src/types/primitives.ts";
import { byAddress, validators } from "../../support/sealedBlocks.ts";
import { addressesOf, blockOf, type Changes, type FakeRelay, genesis, sealedChain } from "../../support/sealedChain.ts";
import { fakeTime, settled } from "../../support/settled.ts";

/** Where a client that has followed the validators begins next time. */

const wallet: Address = `0x${"d1".repeat(20)}`;
const skm = (chain: Chain) => settled(readBalance(chain, chain.network.contracts.skm, wallet));
/** Three come and three go: nobody who was there at first seals in the end. */
const five = [...genesis, ...validators(1, 50)].sort(byAddress);
const six = [...five, ...validators(1, 51)].sort(byAddress);
const others = six.filter((one) => one !== genesis[0] && one !== genesis[1]);
const changes: Changes = { 1000: five, 2000: six, 3000: six.filter((one) => one !== genesis[0]), 4000: others };
const hashAt = async (number: number) => String((await blockOf(number, changes)).hash);
const keptAt = async (number: number, set = others) => ({
  number: String(number),
  hash: await hashAt(number),
  validators: addressesOf(set),
});

let kept: unknown;
let writes: unknown[] = [];
const checkpoints: Checkpoints = {
  read: async () => kept,
  async write(value) {
    kept = value;
    writes.push(value);
  },
};
const start = (relays: FakeRelay[], more: Parameters<typeof sealedChain>[1] = {}) =>
  sealedChain(relays, { changes, checkpoints, ...more });
const at = (head: number): FakeRelay[] => [{ head }, { head }, { head }];
const headers = (asked: string[]) => asked.filter((one) => one.includes("getBlock")).map((one) => one.split(" ")[2]);
const hex = (number: number) => `0x${number.toString(16)}`;

afterEach(() => void vi.useRealTimers());
beforeEach(() => {
  fakeTime();
  kept = undefined;
  writes = [];
});

describe("validators that were followed", () => {
  test("are kept, and the next start goes on from there", async () => {
    const first = start(at(5000));
    expect(await skm(first.chain)).toBe(0n);
    expect(headers(first.asked).length).toBeGreaterThan(6);
    expect(kept).toEqual(await keptAt(5000));
    const next = start(at(5100));
    expect(await skm(next.chain)).toBe(0n);
    expect(headers(next.asked)).toEqual([hex(5000), hex(5000), "latest", "latest"]);
  });

  test("are not written down for every block, but when they change or many blocks have gone by", async () => {
    const relays = at(5000);
    const { chain } = start(relays, { changes: { ...changes, 5300: five.slice(1) } });
    for (const head of [5000, 5001, 5255, 5256, 5257]) {
      for (const relay of relays) relay.head = head;
      expect(await skm(chain)).toBe(0n);
    }
    const numbers = writes.map((one) => (one as { number: string }).number);
    expect(numbers.slice(numbers.indexOf("5000"))).toEqual(["5000", "5256"]);
  });

  test("nobody who was shown a newer block is shown an older one after a new start", async () => {
    kept = await keptAt(5000);
    await expect(skm(start(at(4900)).chain)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    expect(kept).toEqual(await keptAt(5000));
  });
});

describe("what was kept", () => {
  test.each<[string, (good: Record<string, unknown>) => unknown]>([
    ["is nothing", () => undefined],
    ["is no object", () => "5000"],
    ["has no number", ({ hash, validators: set }) => ({ hash, validators: set })],
    ["has a number that is none", (good) => ({ ...good, number: "5e3" })],
    ["has a number beyond any chain", (good) => ({ ...good, number: "9".repeat(30) })],
    ["has a short hash", (good) => ({ ...good, hash: "0x11" })],
    ["has three validators", (good) => ({ ...good, validators: addressesOf(others).slice(1) })],
    ["has one twice", (good) => ({ ...good, validators: Array(4).fill(addressesOf(others)[0]) })],
    ["has more than any network", (good) => ({ ...good, validators: addressesOf(validators(129)) })],
    ["says more", (good) => ({ ...good, trusted: true })],
  ])("is left aside where it %s", async (_, change) => {
    kept = change(await keptAt(5000));
    const { asked, chain } = start(at(5000));
    expect(await skm(chain)).toBe(0n);
    expect(headers(asked).length).toBeGreaterThan(6);
    expect(kept).toEqual(await keptAt(5000));
  });

  test("is left aside where it cannot be read or written", async () => {
    const broken = () => Promise.reject(new Error("disk"));
    const { chain } = start(at(5000), { checkpoints: { read: broken, write: broken } });
    expect(await skm(chain)).toBe(0n);
  });

  test("is thrown away when two operators have another block there", async () => {
    kept = { ...(await keptAt(4500)), hash: `0x${"77".repeat(32)}`, validators: addressesOf(validators(4, 900)) };
    const { chain } = start(at(5000));
    expect(await skm(chain)).toBe(0n);
    expect(writes[0]).toBeUndefined();
    expect(kept).toEqual(await keptAt(5000));
  });

  test("is thrown away when the block is there and has other validators", async () => {
    kept = { ...(await keptAt(4500)), validators: addressesOf(validators(4, 900).sort(byAddress)) };
    const { chain } = start(at(5000));
    expect(await skm(chain)).toBe(0n);
    expect(writes[0]).toBeUndefined();
  });

  test.each([0, 1, 2])("stays when one operator alone shows another block there (%i)", async (liar) => {
    kept = await keptAt(4500);
    const other = blockOf(4500, { 1: validators(4, 900) });
    const lie: FakeRelay["lie"] = (method, result, params) =>
      method === "eth_getBlockByNumber" && params[0] === hex(4500) ? other : result;
    const relays = at(5000).map((relay, number) => (number === liar ? { ...relay, lie } : relay));
    for (let times = 0; times < 5; times++) expect(await skm(start(relays).chain)).toBe(0n);
    expect(writes).not.toContain(undefined);
  });

  test("stays when nobody has that block now", async () => {
    kept = await keptAt(5000);
    const nothing: FakeRelay["lie"] = (_, result, params) => (params[0] === hex(5000) ? null : result);
    const relays = at(5100).map((relay) => ({ ...relay, lie: nothing }));
    await expect(skm(start(relays).chain)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    expect(writes).toEqual([]);
  });
});

describe("a description that names validators of a later block", () => {
  const named = (number: number, hash?: string) => ({
    validators: addressesOf(others),
    validatorsAt: { number, ...(hash ? { hash: hash as `0x${string}` } : {}) },
  });

  test("is where a client begins, and what is older is not shown", async () => {
    const { asked, chain } = start(at(5000), { network: named(4500) });
    expect(await skm(chain)).toBe(0n);
    expect(headers(asked)).toEqual(["latest", "latest"]);
    const behind = start(at(4400), { network: named(4500), checkpoints: { ...checkpoints, read: async () => 0 } });
    await expect(skm(behind.chain)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("has its hash checked", async () => {
    const good = start(at(5000), { network: named(4500, await hashAt(4500)) });
    expect(await skm(good.chain)).toBe(0n);
    expect(headers(good.asked)).toContain(hex(4500));
    kept = undefined;
    const bad = start(at(5000), { network: named(4500, await hashAt(4501)) });
    await expect(skm(bad.chain)).rejects.toMatchObject({ code: "CHAIN_UNPROVEN" });
    expect(kept).toBeUndefined();
  });

  test("counts instead of a checkpoint from before it", async () => {
    kept = await keptAt(4100);
    const { asked, chain } = start(at(5000), { network: named(4500) });
    expect(await skm(chain)).toBe(0n);
    expect(headers(asked)).not.toContain(hex(4100));
  });
});
