import type { Address, Hex } from "viem";
import { rpc } from "../rpc.ts";
import { readExtraData } from "./extraData.ts";
import { EPOCH_LENGTH } from "./genesis.ts";
import { addresses, safeNumber } from "./watch/parse.ts";

/** Blocks read at one look, all at once: fewer than the connections that Besu takes. */
const MOST_BLOCKS = 32;

/** Whose votes for one change count, as Besu has them in mind: a node whose vote is among them casts no second one. */
export interface Tally {
  address: Address;
  add: boolean;
  by: Set<Address>;
  /** The last block that was read. */
  upTo: number;
  /** The chain's newest block at the last look. */
  head: number;
}

/** Nothing is read yet. Votes count from the block that begins an epoch on. */
export const tallyAt = (head: number, address: Address, add: boolean): Tally => ({
  address,
  add,
  by: new Set(),
  upTo: head - (head % EPOCH_LENGTH) - 1,
  head,
});

/** The last block of this epoch: its own vote does not count, and after it all are forgotten. */
export const epochEnd = ({ head }: Tally): number => head - (head % EPOCH_LENGTH) + EPOCH_LENGTH - 1;

/** Counts the next block. Its header names those who may sign it: the set before its own vote. */
export function count(tally: Tally, proposer: Address, extraData: Hex): void {
  tally.upTo += 1;
  const { address, add, by } = tally;
  const extra = readExtraData(extraData);
  if (!extra) throw new Error("not a block of QBFT");
  // It ends the epoch, or the change was made: either way the votes for it are used up.
  const last = (tally.upTo + 1) % EPOCH_LENGTH === 0;
  if (last || extra.validators.includes(address) === add) by.clear();
  for (const one of by) if (!extra.validators.includes(one)) by.delete(one);
  if (last || extra.vote?.address !== address) return;
  if (extra.vote.add === add) by.add(proposer);
  else by.delete(proposer);
}

/** Reads some of the blocks since the last look; true when there are more. One beyond the votes is waited for: the set follows them by one. */
export async function readVotes(url: string, tally: Tally): Promise<boolean> {
  tally.head = await headOf(url);
  const last = Math.min(tally.head - 1, tally.upTo + MOST_BLOCKS);
  const numbers = Array.from({ length: Math.max(0, last - tally.upTo) }, (_, at) => tally.upTo + 1 + at);
  for (const { proposer, extraData } of await Promise.all(numbers.map((number) => headerOf(url, number))))
    count(tally, proposer, extraData);
  return tally.upTo < tally.head - 1;
}

export const headOf = async (url: string): Promise<number> =>
  safeNumber(await rpc<unknown>(url, "eth_blockNumber", [], 5_000));

async function headerOf(url: string, number: number): Promise<{ proposer: Address; extraData: Hex }> {
  const block = await rpc<{ miner?: unknown; extraData?: unknown } | null>(
    url,
    "eth_getBlockByNumber",
    [`0x${number.toString(16)}`, false],
    5_000,
  );
  const [proposer] = addresses([block?.miner]);
  if (!proposer || typeof block?.extraData !== "string") throw new Error("not a block");
  return { proposer, extraData: block.extraData as Hex };
}
