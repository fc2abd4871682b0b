import { type Hex, hexToBigInt, numberToHex } from "viem";
import { describe, expect, test } from "vitest";
import { decodeExtraData, encodeExtraData } from "../../../src/chain/verified/extraData.ts";
import { parseHeader } from "../../../src/chain/verified/header.ts";
import { checkSeals, quorumOf } from "../../../src/chain/verified/seals.ts";
import { emptyBlock, type Sealing, sealBlock, validators } from "../../support/sealedBlocks.ts";
import published from "./qbft.json" with { type: "json" };

const unproven = { code: "CHAIN_UNPROVEN" };
const set = validators(4);
const check = async (sealing: Sealing, over: Record<string, unknown> = {}) => {
  const block = await sealBlock(emptyBlock(7), sealing);
  return checkSeals(parseHeader({ ...block, ...over }));
};

describe("published data", () => {
  test("a header of a Besu network of four, sealed by three in the second round", async () => {
    const header = parseHeader(published.header);
    expect(header).toMatchObject({ number: 7528n, timestamp: 1_715_495_307, sealHash: published.sealHash });
    expect(header.extra.round).toBe(1);
    await expect(checkSeals(header)).resolves.toBeUndefined();
  });

  test("extraData with a vote, as Besu's tests have it", () => {
    const extra = decodeExtraData(published.extraData as Hex);
    const [one, two]: Hex[] = [numberToHex(1, { size: 20 }), numberToHex(2, { size: 20 })];
    expect(extra).toMatchObject({ validators: [one, two], vote: [one, "0xff"], round: 0xfedcba });
    expect(extra.seals).toHaveLength(2);
    expect(encodeExtraData(extra)).toBe(published.extraData);
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [7, 5],
    [10, 7],
  ])("of %i validators %i are a quorum", (count, quorum) => {
    expect(quorumOf(count)).toBe(quorum);
  });
});

describe("a sealed header", () => {
  test.each([0, 1, 127, 128, 70_000])("verifies in round %i, with a vote or without", async (round) => {
    await expect(check({ set, round })).resolves.toBeUndefined();
    await expect(check({ set, round, vote: [numberToHex(9, { size: 20 }), "0x"] })).resolves.toBeUndefined();
  });

  test("verifies for any fork, and where a field between is missing, as Besu leaves out what follows", async () => {
    const names = ["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot"];
    for (const [at, name] of [...names, "requestsHash"].entries()) {
      const block = emptyBlock(7);
      for (const gone of [...names, "requestsHash"].slice(at)) delete block[gone];
      // Cancun's two come together.
      if (name === "excessBlobGas") delete block.blobGasUsed;
      await expect(checkSeals(parseHeader(await sealBlock(block, { set })))).resolves.toBeUndefined();
    }
    const withoutRoot = emptyBlock(7);
    for (const name of ["parentBeaconBlockRoot", "requestsHash"]) delete withoutRoot[name];
    const told = { ...(await sealBlock(withoutRoot, { set })), requestsHash: emptyBlock(7).requestsHash };
    await expect(checkSeals(parseHeader(told))).resolves.toBeUndefined();
  });

  test("does not with one bit changed, wherever it is", async () => {
    const block = await sealBlock(emptyBlock(7), { set });
    const flipped = (text: string) => text.slice(0, -1) + (Number.parseInt(text.slice(-1), 16) ^ 1).toString(16);
    for (const [name, value] of Object.entries(block)) {
      const changed = { ...block, [name]: flipped(value as string) };
      await expect((async () => checkSeals(parseHeader(changed)))(), name).rejects.toMatchObject(unproven);
    }
  });

  test("does not with too few seals, or none", async () => {
    await expect(check({ set, by: set.slice(0, 2) })).rejects.toMatchObject(unproven);
    await expect(check({ set, by: [] })).rejects.toMatchObject(unproven);
    await expect(check({ set: [] })).rejects.toMatchObject(unproven);
  });

  test("does not with one of a foreign validator, though there are enough", async () => {
    const [foreign] = validators(1, 100);
    if (!foreign) throw new Error("one expected");
    await expect(check({ set, by: [...set.slice(0, 3), foreign] })).rejects.toMatchObject(unproven);
  });

  test("does not with one seal twice, in either form of the signature", async () => {
    await expect(check({ set, by: [...set.slice(0, 2), ...set.slice(0, 1)] })).rejects.toMatchObject(unproven);
    const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const other = (seal: Hex): Hex => {
      const s = n - hexToBigInt(`0x${seal.slice(66, 130)}`);
      return `${seal.slice(0, 66)}${numberToHex(s, { size: 32 }).slice(2)}0${1 - Number(seal.slice(-1))}` as Hex;
    };
    await expect(check({ set, change: ([first = "0x", ...rest]) => [other(first), ...rest] })).rejects.toMatchObject(
      unproven,
    );
  });

  test("does not with a seal that is short, or has another recovery bit", async () => {
    const changes: ((seal: Hex) => Hex)[] = [
      (seal) => seal.slice(0, -2) as Hex,
      (seal) => `${seal}00`,
      (seal) => `0x${seal.slice(2, -2)}1b`,
      (seal) => `0x${seal.slice(2, -2)}02`,
      (seal) => `0x${"0".repeat(64)}${seal.slice(66)}`,
    ];
    for (const change of changes)
      await expect(check({ set, change: ([first = "0x", ...rest]) => [change(first), ...rest] })).rejects.toMatchObject(
        unproven,
      );
  });

  test("does not where it was sealed in another round than it says", async () => {
    const [first, second] = [
      await sealBlock(emptyBlock(7), { set }),
      await sealBlock(emptyBlock(7), { set, round: 1 }),
    ];
    expect(first.hash, "a block is the same in every round").toBe(second.hash);
    const { seals } = parseHeader(first).extra;
    await expect(check({ set, round: 1, change: () => [...seals] })).rejects.toMatchObject(unproven);
  });

  test("is refused with a field that nobody here knows, and with too few", async () => {
    const block = await sealBlock(emptyBlock(7), { set });
    const later = await sealBlock({ ...emptyBlock(7), ofLaterFork: numberToHex(5, { size: 32 }) }, { set });
    expect(() => parseHeader(later)).toThrow("another hash");
    // Nor is it enough to lie about the hash: the seals are of the other one.
    await expect(checkSeals(parseHeader({ ...later, hash: block.hash }))).rejects.toMatchObject(unproven);
    for (const name of ["miner", "nonce", "extraData", "hash"])
      expect(() => parseHeader({ ...block, [name]: undefined }), name).toThrow();
    expect(() => parseHeader(null)).toThrow();
    expect(() => parseHeader({ ...block, extraData: `0x${"00".repeat(20_000)}` })).toThrow();
  });

  test("extraData has one form only", async () => {
    const block = await sealBlock(emptyBlock(7), { set });
    const extra = block.extraData as Hex;
    // As it is written by chains of the older IBFT: the round in four bytes.
    const longRound = "0xe8a0000000000000000000000000000000000000000000000000000000000000000000c0c08400000000c0";
    for (const wrong of ["0x", "0x00", "0xc0", `${extra}00`, extra.slice(0, -2), longRound] as Hex[])
      expect(() => decodeExtraData(wrong), wrong.slice(0, 20)).toThrow();
    const turned = [...set].reverse();
    await expect(check({ set: turned })).rejects.toMatchObject(unproven);
    await expect(check({ set: [...set, ...set.slice(3)] })).rejects.toMatchObject(unproven);
  });
});
