import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checkpoint } from "../../../src/chain/verified/checkpoint.ts";
import { followValidators } from "../../../src/chain/verified/followValidators.ts";
import { type Header, parseHeader } from "../../../src/chain/verified/header.ts";
import { checkSeals, quorumOf } from "../../../src/chain/verified/seals.ts";
import { byAddress, emptyBlock, sealBlock, type Validator, validators } from "../../support/sealedBlocks.ts";

const unproven = { code: "CHAIN_UNPROVEN" };
const genesis = validators(4);
const addresses = (set: readonly Validator[]) => set.map(({ address }) => address);

/** A chain whose validators change at some blocks, each time by one; `asked` are the headers that were read. */
function chainOf(changes: Record<number, readonly Validator[]>, head: number) {
  const asked: number[] = [];
  const setAt = (number: number) => {
    const last = Object.keys(changes)
      .map(Number)
      .filter((at) => at <= number);
    return changes[Math.max(...last)] ?? genesis;
  };
  const header = async (number: number): Promise<Header> => {
    const found = parseHeader(await sealBlock(emptyBlock(number), { set: setAt(number) }));
    await checkSeals(found);
    return found;
  };
  return {
    asked,
    head: () => header(head),
    read: (number: bigint) => {
      asked.push(Number(number));
      return header(Number(number));
    },
  };
}
const from = { number: 0n, validators: addresses(genesis) };

/** Nine changes: three come, three of the first four go, three come again. */
function generations(): Record<number, readonly Validator[]> {
  const changes: Record<number, readonly Validator[]> = {};
  let set: readonly Validator[] = genesis;
  const become = (at: number, next: readonly Validator[]) => {
    set = [...next].sort(byAddress);
    changes[at] = set;
  };
  for (const at of [0, 1, 2]) become(1000 * (at + 1), [...set, ...validators(1, 50 + at)]);
  for (const at of [0, 1, 2])
    become(
      500_000 + at,
      set.filter((one) => one !== genesis[at]),
    );
  for (const at of [3, 4, 5]) become(2_000_000 + 7 * at, [...set, ...validators(1, 50 + at)]);
  return changes;
}

describe("following the validators", () => {
  test("takes one header where one at most has changed, however long ago that was", async () => {
    const grown = [...genesis, ...validators(1, 50)].sort(byAddress);
    for (const [first, set] of [
      [genesis, genesis],
      [genesis, grown],
      [grown, genesis],
    ] as const) {
      const chain = chainOf({ 1: set }, 9_000_000);
      const head = await chain.head();
      const known = await followValidators({ number: 0n, validators: addresses(first) }, head, chain.read);
      expect(known).toEqual({ number: 9_000_000n, hash: head.hash, validators: addresses(set) });
      expect(chain.asked).toEqual([]);
    }
  });

  test("tells of every step, so that nobody who was interrupted begins at the first block again", async () => {
    const chain = chainOf(generations(), 8_000_000);
    const head = await chain.head();
    let best: Checkpoint = from;
    let left = 40;
    const tired = (number: bigint) => (left-- > 0 ? chain.read(number) : Promise.reject(new Error("late")));
    const reached = (checkpoint: Checkpoint) => {
      expect(checkpoint.number).toBeGreaterThan(best.number);
      best = checkpoint;
    };
    await expect(followValidators(from, head, tired, reached)).rejects.toThrow("late");
    expect(best.number).toBeGreaterThan(0n);
    const asked = chain.asked.length;
    const known = await followValidators(best, head, chain.read);
    expect(known.hash).toBe(head.hash);
    expect(chain.asked.slice(asked).every((number) => BigInt(number) > best.number)).toBe(true);
  });

  test("goes no further than to four: among three nobody may lie", async () => {
    const three = genesis.slice(1);
    const tooFew = { code: "CHAIN_TOO_FEW_VALIDATORS" };
    const head = await chainOf({ 1: three }, 5000).head();
    const chain = chainOf({ 1: three }, 5000);
    await expect(followValidators(from, head, chain.read)).rejects.toMatchObject(tooFew);
    // Also where there are four again later.
    const others = chainOf({ 1000: three, 2000: [...three, ...validators(1, 50)].sort(byAddress) }, 5000);
    await expect(followValidators(from, await others.head(), others.read)).rejects.toMatchObject(tooFew);
    // A set that nobody known vouches for is a lie, however small it is.
    const strange = chainOf({ 1: validators(3, 900) }, 5000);
    await expect(followValidators(from, await strange.head(), strange.read)).rejects.toMatchObject(unproven);
  });

  test("finds the blocks between, after months in which nearly everybody changed", async () => {
    const changes = generations();
    const chain = chainOf(changes, 8_000_000);
    const known = await followValidators(from, await chain.head(), chain.read);
    expect(known.validators).toEqual(addresses(Object.values(changes).at(-1) ?? []));
    expect(chain.asked.length).toBeLessThan(160);
  });

  test("believes no set that comes from nowhere, whatever it sealed", async () => {
    const own = validators(4, 900);
    const chain = chainOf({ 1: own }, 5000);
    await expect(followValidators(from, await chain.head(), chain.read)).rejects.toMatchObject(unproven);
  });

  test("nor one that has two more at once", async () => {
    const two = [...genesis, ...validators(2, 900)].sort(byAddress);
    const chain = chainOf({ 100: two }, 5000);
    await expect(followValidators(from, await chain.head(), chain.read)).rejects.toMatchObject(unproven);
  });

  test("a relay that makes up blocks for ever is not followed for ever", async () => {
    const own = validators(4, 900);
    const chain = chainOf({ 1: own }, 4_000_000_000_000);
    await expect(followValidators(from, await chain.head(), chain.read)).rejects.toMatchObject(unproven);
    expect(chain.asked.length).toBeLessThanOrEqual(400);
  });

  test("does not go on when a header between cannot be had", async () => {
    const chain = chainOf(generations(), 8_000_000);
    const read = () => Promise.reject(new Error("gone"));
    await expect(followValidators(from, await chain.head(), read)).rejects.toThrow("gone");
  });
});

test("after one change, those of a quorum who were known before are more than a third of them", () => {
  const numbers = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(numbers, (known) => {
      const faulty = Math.floor((known - 1) / 3);
      const whenOneCame = quorumOf(known + 1) - 1;
      const whenOneWent = known > 1 ? quorumOf(known - 1) : Number.POSITIVE_INFINITY;
      expect(whenOneCame).toBeGreaterThan(faulty);
      expect(whenOneWent).toBeGreaterThan(faulty);
    }),
  );
});
