import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readBalance } from "../../../src/chain/actions/readBalance.ts";
import type { Chain } from "../../../src/chain/chain.ts";
import { provenanceOf } from "../../../src/chain/provenance.ts";
import { readProven } from "../../../src/chain/verified/provenState.ts";
import type { Address } from "../../../src/types/primitives.ts";
import { emptyBlock, sealBlock, validators } from "../../support/sealedBlocks.ts";
import { addressesOf, type FakeRelay, genesis, sealedChain } from "../../support/sealedChain.ts";
import { fakeTime, settled } from "../../support/settled.ts";

/** Who has to know a block before anything is read from it, and how long that may take. */

const wallet: Address = `0x${"d1".repeat(20)}`;
const skm = (chain: Chain, signal?: AbortSignal) =>
  readBalance(chain, chain.network.contracts.skm, wallet, signal ? { signal } : {});
const old = { code: "CHAIN_MAY_BE_OLD" };

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Blocks from which proofs were asked. */
const proofsOf = (asked: string[]) => [
  ...new Set(asked.filter((one) => one.includes("getProof")).map((one) => Number(one.split(" ")[2]))),
];
/** Whom a read asks first is chance. */
const many = Array.from({ length: 12 }, (_, at) => at);

describe("a block from which names and SKM are read", () => {
  test.each(many)("is known to two operators (%#)", async () => {
    const { asked, chain } = sealedChain([{ head: 500 }, { head: 500 }]);
    expect(provenanceOf(chain)).toBe("proven");
    expect(await settled(skm(chain))).toBe(0n);
    expect(proofsOf(asked)).toEqual([500]);
  });

  test.each(many)("is no old one, however many relays show that, while two know better (%#)", async () => {
    const { asked, chain } = sealedChain([{ head: 500 }, { head: 400 }, { head: 499 }]);
    expect(await settled(skm(chain))).toBe(0n);
    expect(proofsOf(asked)).toEqual([500]);
  });

  test.each<[string, FakeRelay[]]>([
    ["the others are silent", [{ head: 500 }, {}, {}]],
    ["the others are far behind", [{ head: 500 }, { head: 495 }]],
    ["the other relay is of the same operator", [{ head: 500, operator: "a" }, { head: 500, operator: "a" }, {}]],
    ["the other one lies", [{ head: 500 }, { head: 500, lie: () => ({}) }]],
  ])("is not one that one operator alone shows: %s", async (_, relays) => {
    const { asked, chain } = sealedChain(relays);
    await expect(settled(skm(chain))).rejects.toMatchObject(old);
    expect(proofsOf(asked)).toEqual([]);
  });

  test("may be one operator's where nobody knows another one, and that is said", async () => {
    const { chain } = sealedChain([
      { head: 500, operator: "a" },
      { head: 500, operator: "a" },
    ]);
    expect(provenanceOf(chain)).toBe("one-operator");
    expect(await settled(skm(chain))).toBe(0n);
  });

  test.each(many)("is proven by a third one when those who showed it lie about what is in it (%#)", async () => {
    const lie: FakeRelay["lie"] = (method, result) => (method === "eth_getProof" ? {} : result);
    const relays = [{ head: 500, lie }, { head: 500, lie }, { head: 500 }];
    const { asked, chain } = sealedChain(relays);
    expect(await settled(skm(chain))).toBe(0n);
    // One that was caught is no witness any more, and of two others one is too few.
    const caught = new Set(asked.filter((one) => one.includes("getProof")).map((one) => one.split(" ")[0]));
    if (caught.size === 3) await expect(settled(skm(chain))).rejects.toMatchObject(old);
  });

  test("is shown by nobody whose other relay was caught", async () => {
    const lie: FakeRelay["lie"] = () => ({});
    const relays: FakeRelay[] = [
      { head: 500, operator: "a", lie },
      { head: 500, operator: "a" },
      { head: 500 },
      { head: 500 },
    ];
    const { asked, chain } = sealedChain(relays);
    // Whom a read asks first is chance, until the liar was among them and another one showed the truth.
    for (let times = 0; times < 40; times++) await settled(skm(chain));
    asked.length = 0;
    for (let times = 0; times < 10; times++) await settled(skm(chain));
    expect(asked.filter((one) => one.startsWith("0 ") || one.startsWith("1 "))).toEqual([]);
  });

  test("is shown again, ten minutes later, by one of two that gave a wrong answer once", async () => {
    const clock = vi.spyOn(Date, "now");
    const start = Date.now();
    clock.mockReturnValue(start);
    let isWrong = true;
    const lie: FakeRelay["lie"] = (method, result) => (isWrong && method === "eth_getProof" ? {} : result);
    const { chain } = sealedChain([{ head: 500, lie }, { head: 500 }]);
    const read = () => settled(skm(chain)).then(String, ({ code }) => code);
    // Whom a read asks first is chance, until that was the one.
    for (let times = 0; times < 40 && (await read()) === "0"; times++);
    isWrong = false;
    clock.mockReturnValue(start + 9 * 60_000);
    expect(await read()).toBe(old.code);
    clock.mockReturnValue(start + 11 * 60_000);
    expect(await read()).toBe("0");
  });

  test("is read at another relay where one keeps no state of it, which is no lie", async () => {
    const without: FakeRelay["lie"] = (method, result) => (method === "eth_getProof" ? null : result);
    const { asked, chain } = sealedChain([{ head: 500, lie: without }, { head: 500 }]);
    // Whom a read asks first is chance. Left, it would leave one witness, which is too few.
    for (let times = 0; times < 12; times++) expect(await settled(skm(chain))).toBe(0n);
    expect(asked.some((one) => one.startsWith("0 eth_getProof"))).toBe(true);
    const nobody = sealedChain([{ head: 500, lie: without }]);
    await expect(settled(skm(nobody.chain))).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test.each(many)("is not one of two that are sealed at one height (%#)", async () => {
    const fork = async () => sealBlock({ ...emptyBlock(500), timestamp: "0x7b" }, { set: genesis });
    const lie: FakeRelay["lie"] = (method, result) => (method === "eth_getBlockByNumber" ? fork() : result);
    const { chain } = sealedChain([{ head: 500 }, { head: 500, lie }]);
    await expect(settled(skm(chain))).rejects.toMatchObject(old);
  });
});

describe("a set of fewer than four", () => {
  const three = { validators: addressesOf(genesis.slice(1)) };

  test("proves nothing, and is refused", async () => {
    const { asked, chain } = sealedChain([{ head: 500 }, { head: 500 }], { network: three });
    const tooFew = { code: "CHAIN_TOO_FEW_VALIDATORS" };
    await expect(readProven(chain, () => Promise.resolve(1))).rejects.toMatchObject(tooFew);
    expect(asked).toEqual([]);
    const shrunk = sealedChain([{ head: 500 }, { head: 500 }], { changes: { 100: genesis.slice(1) } });
    await expect(settled(skm(shrunk.chain))).rejects.toMatchObject(tooFew);
  });

  test("has operators agree instead, and that is said", async () => {
    const { asked, chain } = sealedChain([{ head: 500 }, { head: 500 }], { network: three });
    expect(provenanceOf(chain)).toBe("few-validators");
    expect(await settled(skm(chain))).toBe(7n);
    expect(asked.filter((one) => one.includes("getProof"))).toEqual([]);
    const { validators: _, ...unsealed } = chain.network;
    expect(provenanceOf({ ...chain, network: unsealed })).toBe("no-seals");
  });
});

describe("a proven read", () => {
  /** Relays that take a question and never answer, whatever they are told. */
  const hung = () => {
    const made = sealedChain([{ head: 500 }, { head: 500 }]);
    const requestAt = () => new Promise<never>(() => undefined);
    return { ...made.chain, rpc: { ...made.chain.rpc, requestAt } };
  };

  test("ends after 20 seconds in whole", async () => {
    let ended: unknown;
    skm(hung()).catch((error) => {
      ended = error;
    });
    // What proves comes on demand.
    await vi.dynamicImportSettled();
    await vi.advanceTimersByTimeAsync(19_900);
    expect(ended).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(ended).toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("also when what was kept cannot be read, or the validators lead nowhere for long", async () => {
    const never = () => new Promise<never>(() => undefined);
    const kept = sealedChain([{ head: 500 }, { head: 500 }], { checkpoints: { read: never, write: never } });
    await expect(settled(skm(kept.chain))).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    const changes = { 1: genesis, 1000000: validators(4, 900) };
    const slow: FakeRelay["lie"] = async (_, result) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return result;
    };
    const far = sealedChain(
      [
        { head: 2_000_000, lie: slow },
        { head: 2_000_000, lie: slow },
      ],
      { changes },
    );
    await expect(settled(skm(far.chain))).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("ends at once when it is given up", async () => {
    const giveUp = new AbortController();
    const reading = skm(hung(), giveUp.signal);
    await vi.dynamicImportSettled();
    giveUp.abort();
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    await expect(skm(hung(), AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  });
});
