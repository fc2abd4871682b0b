import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, type Hex, hashTypedData, numberToHex, recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, it } from "vitest";
import { writeJson } from "../../scripts/lib/files.ts";
import { randomKey } from "../../scripts/lib/keys.ts";
import {
  type Attestation,
  attest,
  type Earned,
  earnedOf,
  readAttestation,
  rewardMessage,
  toFile,
} from "../../scripts/rewards/attestation.ts";
import type { Count } from "../../scripts/rewards/count.ts";
import { joinAttestations } from "../../scripts/rewards/joinAttestations.ts";
import { scheduleFor } from "../../scripts/rewards/rule.ts";
import { readCount, saveCount } from "../../scripts/rewards/savedCount.ts";
import { periodBlocks } from "../../scripts/rewards/tally.ts";
import { tempDir } from "./support/temp.ts";

const address = (number: number): Address => getAddress(numberToHex(number, { size: 20 }));
const [ALICE, BOB] = [address(0xaa), address(0xbb)];
const of = { chainId: 7_587, contract: address(0xc0ffee), term: 3n };
/** A count of four periods has come to block 160. */
const periods = { slotBlocks: 10, slotsPerPeriod: 4 };
const keys = Array.from({ length: 5 }, () => privateKeyToAccount(randomKey())).sort((a, b) =>
  a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
);
const now = { ...of, attesters: keys.map(({ address: one }) => one), threshold: 4 };
const alice: Earned = { kind: "validators", operator: ALICE, cumulative: 10n };
const bob: Earned = { kind: "relays", operator: BOB, cumulative: 7n };

const all = (earned: Earned[], who = keys, as = of): Promise<Attestation[]> =>
  Promise.all(who.map((key) => attest(as, earned, key)));

it("lists the sums of a count in one order, without those of nothing", () => {
  const tally = {
    next: 1,
    validators: new Map([
      [BOB, 1n],
      [ALICE, 2n],
    ]),
    relays: new Map([
      [ALICE, 0n],
      [BOB, 7n],
    ]),
  };
  expect(earnedOf(tally)).toEqual([
    { kind: "validators", operator: ALICE, cumulative: 2n },
    { kind: "validators", operator: BOB, cumulative: 1n },
    bob,
  ]);
});

it("joins what enough attesters signed, ascending by signer, no more than needed", async () => {
  const given = await all([alice, bob]);
  const { claims, left } = await joinAttestations(given.toReversed(), now);
  expect(left).toEqual([]);
  expect(claims.map(({ operator, cumulative }) => [operator, cumulative])).toEqual([
    [ALICE, 10n],
    [BOB, 7n],
  ]);
  const expected = given.slice(0, 4).map(({ rewards }) => rewards[0]?.signature);
  expect(claims[0]?.signatures).toEqual(expected);
});

it("claims nothing that too few signed, and of an operator's sums the largest", async () => {
  const few = await all([alice], keys.slice(0, 3));
  expect((await joinAttestations([...few, ...few], now)).claims).toEqual([]);
  const later = { ...alice, cumulative: 12n };
  const lonely = { ...alice, cumulative: 99n };
  const given = [...(await all([later, alice])), ...(await all([lonely], keys.slice(0, 3)))];
  expect((await joinAttestations(given, now)).claims.map(({ cumulative }) => cumulative)).toEqual([12n]);
});

it("leaves out what is of another term or contract, a stranger's or forged, and keeps the rest", async () => {
  const good = await all([alice], keys.slice(0, 4));
  const stranger = privateKeyToAccount(randomKey());
  const [first, last] = [keys[0] as (typeof keys)[0], keys[4] as (typeof keys)[0]];
  const forged = { ...(await attest(of, [alice], stranger)), attester: last.address };
  const broken = { ...forged, rewards: [{ ...alice, signature: `0x${"00".repeat(65)}` as Hex }] };
  const { claims, left } = await joinAttestations(
    [
      ...(await all([{ ...alice, cumulative: 11n }], keys, { ...of, term: 2n })).slice(0, 1),
      await attest({ ...of, chainId: 1 }, [alice], first),
      await attest({ ...of, contract: BOB }, [alice], first),
      await attest(of, [alice], stranger),
      forged,
      broken,
      ...good,
    ],
    now,
  );
  expect(claims).toHaveLength(1);
  expect(claims[0]?.signatures).toEqual(good.map(({ rewards }) => rewards[0]?.signature));
  expect(left.map((why) => why.slice(44))).toEqual([
    "signed for term 2; it is term 3.",
    "signed for another contract.",
    "signed for another contract.",
    "is no attester.",
    "1 signatures are not theirs.",
    "1 signatures are not theirs.",
  ]);
});

it("takes no signature in a form that the contract refuses, which would spoil the others", async () => {
  const good = await all([alice], keys.slice(0, 4));
  const [first] = good;
  const signature = first?.rewards[0]?.signature ?? "0x";
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const mirrored = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
  const [v, other] = signature.endsWith("1b") ? ["00", "1c"] : ["01", "1b"];
  for (const meddled of [`${signature.slice(0, 130)}${v}`, `${signature.slice(0, 66)}${mirrored}${other}`]) {
    const copy = { ...(first as Attestation), rewards: [{ ...alice, signature: meddled as Hex }] };
    // Both are truly the attester's.
    const { message, ...typed } = rewardMessage(of, alice);
    expect(await recoverTypedDataAddress({ ...typed, message, signature: meddled as Hex })).toBe(first?.attester);
    for (const given of [
      [...good, copy],
      [copy, ...good],
    ]) {
      const { claims, left } = await joinAttestations(given, now);
      expect(claims[0]?.signatures).toEqual(good.map(({ rewards }) => rewards[0]?.signature));
      expect(left).toEqual([`${first?.attester}: 1 signatures are not theirs.`]);
    }
  }
});

it("binds a signature to chain, contract, kind, operator, sum and term", () => {
  const digest = (where = of, earned = alice) => hashTypedData(rewardMessage(where, earned));
  const others = [
    digest({ ...of, chainId: 1 }),
    digest({ ...of, contract: BOB }),
    digest({ ...of, term: 4n }),
    digest(of, { ...alice, kind: "relays" }),
    digest(of, { ...alice, operator: BOB }),
    digest(of, { ...alice, cumulative: 11n }),
  ];
  expect(new Set([digest(), ...others]).size).toBe(7);
});

it("reads an attestation as it was written, and refuses what is none", async () => {
  const [attestation] = await all([alice, bob]);
  if (!attestation) throw new Error("There is one");
  const folder = tempDir();
  const file = join(folder, "one.json");
  writeJson(file, toFile(attestation));
  expect(readAttestation(file)).toEqual(attestation);
  expect(() => readAttestation(join(folder, "none.json"))).toThrow("There is no file");
  const written = toFile(attestation);
  const [reward] = written.rewards;
  for (const wrong of [
    null,
    {},
    { ...written, version: 2 },
    { ...written, term: "-1" },
    { ...written, rewards: [{ ...reward, kind: "owners" }] },
    { ...written, rewards: [{ ...reward, cumulative: "1e9" }] },
    { ...written, rewards: [{ ...reward, signature: "0x00" }] },
    { ...written, rewards: Array(20_001).fill(reward) },
  ]) {
    writeJson(file, wrong);
    expect(() => readAttestation(file)).toThrow("is no attestation");
  }
  writeFileSync(file, "{");
  expect(() => readAttestation(file)).toThrow("is no attestation");
});

it("keeps a count and goes on with it, of the same contract alone", () => {
  const file = join(tempDir(), "count.json");
  const kept: Count = {
    tally: { next: 4, validators: new Map([[ALICE, 10n ** 24n]]), relays: new Map([[BOB, 7n]]) },
    relays: [
      {
        id: 2,
        operator: BOB,
        stakes: [
          { block: 5, stake: 10n ** 23n },
          { block: 9, stake: 0n },
        ],
      },
    ],
    readFrom: 160,
    last: numberToHex(159, { size: 32 }),
  };
  expect(readCount(file, of, periods)).toBeUndefined();
  saveCount(file, of, periods, kept);
  expect(readCount(file, of, periods)).toEqual(kept);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => readCount(file, { ...of, chainId: 1 }, periods)).toThrow("another contract");
  expect(() => readCount(file, { ...of, contract: BOB }, periods)).toThrow("another contract");
  saveCount(file, of, periods, { ...kept, readFrom: -1 });
  expect(() => readCount(file, of, periods)).toThrow("is damaged");
  writeFileSync(file, "{}");
  expect(() => readCount(file, of, periods)).toThrow("no count of this version");
  expect(() => saveCount(file, of, periods, { ...kept, last: undefined })).toThrow("Nothing is counted");
});

it("goes on with no count that was cut off or changed", () => {
  const file = join(tempDir(), "count.json");
  const kept: Count = {
    tally: { next: 4, validators: new Map([[ALICE, 1_000n]]), relays: new Map([[BOB, 7n]]) },
    relays: [{ id: 2, operator: BOB, stakes: [{ block: 5, stake: 500n }] }],
    readFrom: 160,
    last: numberToHex(159, { size: 32 }),
  };
  saveCount(file, of, periods, kept);
  const whole = readFileSync(file, "utf8");
  for (let length = 0; length < whole.trimEnd().length; length += 7) {
    writeFileSync(file, whole.slice(0, length));
    expect(() => readCount(file, of, periods)).toThrow("cannot be read as JSON");
  }
  const saved = JSON.parse(whole);
  for (const changed of [
    { ...saved, next: 3 },
    { ...saved, readFrom: 120 },
    { ...saved, slotBlocks: 5 },
    { ...saved, last: numberToHex(1, { size: 32 }) },
    { ...saved, validators: { [ALICE]: "1001" } },
    { ...saved, relays: {} },
    { ...saved, stakes: [] },
    { ...saved, checksum: undefined },
  ]) {
    writeJson(file, changed);
    expect(() => readCount(file, of, periods)).toThrow("is damaged");
  }
});

it("goes on with no count by other periods than the deployment has now", () => {
  const file = join(tempDir(), "count.json");
  const [everySecond, everyOther] = [scheduleFor(1), scheduleFor(2)];
  const end = 4 * periodBlocks(everySecond);
  const kept: Count = {
    tally: { next: 4, validators: new Map([[ALICE, 1_000n]]), relays: new Map() },
    relays: [],
    readFrom: end,
    last: numberToHex(end - 1, { size: 32 }),
  };
  saveCount(file, of, everySecond, kept);
  expect(readCount(file, of, everySecond)).toEqual(kept);
  // Period 4 begins at half of the blocks that are counted, or far behind them.
  const anew = "Move it away, and it is counted anew";
  expect(() => readCount(file, of, everyOther)).toThrow("slots of 30 blocks");
  expect(() => readCount(file, of, everyOther)).toThrow(anew);
  saveCount(file, of, everyOther, { ...kept, readFrom: end / 2 });
  expect(() => readCount(file, of, everySecond)).toThrow(anew);
  // As many blocks, in slots that differ.
  expect(() => readCount(file, of, { slotBlocks: 60, slotsPerPeriod: everyOther.slotsPerPeriod / 2 })).toThrow(anew);
  // Of the right periods by what it says, but not by where it ends.
  saveCount(file, of, everyOther, kept);
  expect(() => readCount(file, of, everyOther)).toThrow(anew);
});
