import { createHash } from "node:crypto";
import { type Address, getAddress, type Hex, isAddress, isHash } from "viem";
import { readJson, writeJson } from "../lib/files.ts";
import { Refusal } from "../lib/say.ts";
import type { Count } from "./count.ts";
import { type Periods, periodBlocks, type Relay } from "./tally.ts";

/** Which contract's count it is. */
export interface Counted {
  chainId: number;
  contract: Address;
}

interface SavedFile extends Counted {
  version: 2;
  /** With `next` and `readFrom` it says which periods these are. */
  slotBlocks: number;
  next: number;
  readFrom: number;
  last: Hex;
  /** Operator -> 1e-18 SKM in decimals. */
  validators: Record<Address, string>;
  relays: Record<Address, string>;
  stakes: { id: number; operator: Address; stakes: { block: number; stake: string }[] }[];
  /** Of all the rest. Against accidents: who may write this file may write whatever is run, too. */
  checksum: string;
}

/** Keeps what is counted, for this account alone to read and write. */
export function saveCount(file: string, { chainId, contract }: Counted, { slotBlocks }: Periods, count: Count): void {
  const { tally, relays, readFrom, last } = count;
  if (last === undefined) throw new Error("Nothing is counted yet");
  const saved: Omit<SavedFile, "checksum"> = {
    version: 2,
    chainId,
    contract,
    slotBlocks,
    next: tally.next,
    readFrom,
    last,
    validators: toRecord(tally.validators),
    relays: toRecord(tally.relays),
    stakes: relays.map(({ id, operator, stakes }) => ({
      id,
      operator,
      stakes: stakes.map(({ block, stake }) => ({ block, stake: String(stake) })),
    })),
  };
  writeJson(file, { ...saved, checksum: checksumOf(saved) }, 0o600);
}

const checksumOf = (saved: Omit<SavedFile, "checksum">): string =>
  createHash("sha256").update(JSON.stringify(saved)).digest("hex");

/**
 * How far it was counted; undefined when there is no file.
 * @throws Refusal where the file is another contract's, was counted by other periods, or is none of ours: it is counted anew
 * when it is taken away
 */
export function readCount(file: string, { chainId, contract }: Counted, periods: Periods): Count | undefined {
  const wrong = (what: string) => new Refusal(`${file} ${what}. Move it away, and it is counted anew.`);
  let saved: SavedFile | undefined;
  try {
    saved = readJson<SavedFile>(file);
  } catch {
    throw wrong("cannot be read as JSON");
  }
  if (saved === undefined) return undefined;
  if (saved?.version !== 2) throw wrong("is no count of this version");
  if (saved.chainId !== chainId || saved.contract !== contract) throw wrong("is the count of another contract");
  let count: Count;
  try {
    const { checksum, ...rest } = saved;
    if (checksumOf(rest) !== checksum || !isHash(saved.last)) throw new RangeError("Changed");
    count = {
      tally: { next: block(saved.next), validators: fromRecord(saved.validators), relays: fromRecord(saved.relays) },
      relays: saved.stakes.map(toRelay),
      readFrom: block(saved.readFrom),
      last: saved.last,
    };
  } catch {
    throw wrong("is damaged");
  }
  // Going on, blocks would be counted twice, or never.
  const { slotBlocks, slotsPerPeriod } = periods;
  if (saved.slotBlocks !== slotBlocks || count.readFrom !== count.tally.next * periodBlocks(periods)) {
    throw wrong(
      `was not counted by periods of ${slotsPerPeriod} slots of ${slotBlocks} blocks, as the deployment's are`,
    );
  }
  return count;
}

const toRecord = (earned: ReadonlyMap<Address, bigint>): Record<Address, string> =>
  Object.fromEntries([...earned].map(([who, sum]) => [who, String(sum)]));

const fromRecord = (record: Record<Address, string>): Map<Address, bigint> =>
  new Map(Object.entries(record).map(([who, sum]) => [address(who), amount(sum)]));

function toRelay({ id, operator, stakes }: SavedFile["stakes"][number]): Relay {
  return {
    id: block(id),
    operator: address(operator),
    stakes: stakes.map((one) => ({ block: block(one.block), stake: amount(one.stake) })),
  };
}

function block(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("No whole number");
  return value;
}

export function amount(text: string): bigint {
  if (typeof text !== "string" || !/^\d{1,40}$/.test(text)) throw new RangeError("No amount");
  return BigInt(text);
}

export function address(text: string): Address {
  if (typeof text !== "string" || !isAddress(text, { strict: false })) throw new RangeError("No address");
  return getAddress(text);
}
