import { decodeEventLog, encodeEventTopics, erc20Abi, numberToHex } from "viem";
import * as z from "zod";
import { readMined } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import { quorumRequest } from "../chain/quorum.ts";
import { SkrumbleError } from "../errors/index.ts";
import { skmAbi } from "../generated/index.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** What the chain says about one transaction, two operators agreeing. */

const hex = z
  .string()
  .regex(/^0x[0-9a-f]*$/i)
  .max(1_000_000)
  .transform((text) => text.toLowerCase() as Hex);
const quantity = hex.refine((text) => text.length > 2 && text.length < 20).transform((text) => Number(text));
const log = z.object({
  address: hex,
  topics: z.array(hex).max(4),
  data: hex,
  logIndex: quantity,
  transactionHash: hex,
});
const receiptSchema = z.object({
  transactionHash: hex,
  status: hex,
  blockNumber: quantity,
  logs: z.array(log).max(10_000),
});
const transactionSchema = z.object({
  hash: hex,
  from: hex,
  to: hex.nullable(),
  value: hex,
  nonce: quantity,
  input: hex,
});

export type Receipt = z.infer<typeof receiptSchema>;
export type Transaction = z.infer<typeof transactionSchema>;

/** Undefined for one that is in no block. @throws SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, CHAIN_REJECTED, ABORTED */
export const readReceipt = async (chain: AnyChain, hash: Hex, signal: AbortSignal): Promise<Receipt | undefined> =>
  parsed(receiptSchema.nullable(), await quorumRequest(chain.rpc, "eth_getTransactionReceipt", [hash], signal)) ??
  undefined;

/** The same for the transaction itself. @throws as {@link readReceipt} */
export const readTransaction = async (
  chain: AnyChain,
  hash: Hex,
  signal: AbortSignal,
): Promise<Transaction | undefined> =>
  parsed(transactionSchema.nullable(), await quorumRequest(chain.rpc, "eth_getTransactionByHash", [hash], signal)) ??
  undefined;

/** All transactions of a block. @throws as {@link readReceipt} */
async function readTransactions(chain: AnyChain, block: number, signal: AbortSignal): Promise<Transaction[]> {
  const found = await quorumRequest(chain.rpc, "eth_getBlockByNumber", [numberToHex(block), true], signal);
  return parsed(z.object({ transactions: z.array(transactionSchema).max(100_000) }), found).transactions;
}

function parsed<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (!result.success) throw new SkrumbleError("CHAIN_REJECTED", { details: "Not what a node answers." });
  return result.data;
}

export interface TokenTransfer {
  from: Address;
  to: Address;
  value: bigint;
  logIndex: number;
}

/** Transfers of one token in a transaction. */
export const transfersIn = ({ logs }: Pick<Receipt, "logs">, token: Address): TokenTransfer[] =>
  logs.flatMap(({ address, topics, data, logIndex }) => {
    if (address !== token) return [];
    try {
      const { args } = decodeEventLog({
        abi: erc20Abi,
        eventName: "Transfer",
        topics: topics as [Hex, ...Hex[]],
        data,
      });
      const { from, to, value } = args;
      return [{ from: from.toLowerCase() as Address, to: to.toLowerCase() as Address, value, logIndex }];
    } catch {
      return [];
    }
  });

const [used] = encodeEventTopics({ abi: skmAbi, eventName: "AuthorizationUsed" });
const [transfer] = encodeEventTopics({ abi: erc20Abi, eventName: "Transfer" });
const word = (value: Hex): Hex => `0x${value.slice(2).toLowerCase().padStart(64, "0")}`;

/** Place of the event that an authorisation was used, in the logs of its transaction. */
export const usedAt = ({ logs }: Receipt, token: Address, wallet: Address, nonce: Hex): number | undefined =>
  logs.find(
    ({ address, topics }) =>
      address === token && topics[0] === used && topics[1] === word(wallet) && topics[2] === nonce.toLowerCase(),
  )?.logIndex;

/** Blocks that relays look through at once. */
export const span = 10_000;
/** Whoever looks through fewer than these finds nothing in any useful time. */
const leastSpan = 100;
/** What the nodes of another chain look through at once: each has a limit of its own, which is found by asking. */
const spans = new WeakMap<AnyChain, number>();
/** An hour of blocks, four to the second, is not more. */
const hour = 2;
/** Weeks of blocks, for a page that was closed so long. */
const weeks = 200;
/** Blocks that {@link transfersBetween} looks through at most. */
export const mostBlocks: number = weeks * span;

/** Logs of one address from a block on, up to `head`, so many spans at most. @throws as {@link readReceipt} */
async function* logsFrom(
  chain: AnyChain,
  filter: { address: Address; topics: Hex[] },
  { block, head: newest, most }: { block: number; head: number; most: number },
  signal: AbortSignal,
): AsyncGenerator<z.infer<typeof log>> {
  const head = Math.min(newest, block + most * span - 1);
  let size = spans.get(chain) ?? span;
  for (let from = block; from <= head; ) {
    const end = Math.min(head, from + size - 1);
    const range = { fromBlock: numberToHex(from), toBlock: numberToHex(end) };
    let answer: unknown;
    try {
      answer = await quorumRequest(chain.rpc, "eth_getLogs", [{ ...filter, ...range }], signal);
    } catch (error) {
      const asked = end - from + 1;
      if (!chain.further || signal.aborted || asked <= leastSpan) throw error;
      size = Math.max(leastSpan, Math.floor(asked / 2));
      continue;
    }
    if (chain.further) spans.set(chain, size);
    yield* parsed(z.array(log).max(10_000), answer);
    from = end + 1;
  }
}

/** Transaction that used an authorisation. @throws as {@link readReceipt} */
export async function findUse(
  chain: AnyChain,
  { token, wallet, nonce, block, head }: { token: Address; wallet: Address; nonce: Hex; block: number; head: number },
  signal: AbortSignal,
): Promise<Hex | undefined> {
  const filter = { address: token, topics: [used as Hex, word(wallet), nonce] };
  for await (const found of logsFrom(chain, filter, { block, head, most: hour }, signal)) return found.transactionHash;
  return undefined;
}

/** Transfers of a token from one wallet to another, oldest first, in {@link mostBlocks}. @throws as {@link readReceipt} */
export async function* transfersBetween(
  chain: AnyChain,
  { token, from, to, block, head }: { token: Address; from: Address; to: Address; block: number; head: number },
  signal: AbortSignal,
): AsyncGenerator<TokenTransfer & { transaction: Hex }> {
  const filter = { address: token, topics: [transfer as Hex, word(from), word(to)] };
  for await (const found of logsFrom(chain, filter, { block, head, most: weeks }, signal))
    for (const one of transfersIn({ logs: [found] }, token)) yield { ...one, transaction: found.transactionHash };
}

/**
 * The mined transaction of a wallet with a number: the same nonce is mined once, so it is what came of every attempt with it.
 * Undefined where it cannot be said: nodes have forgotten how many there were by a block, or it is not in this range.
 * @param range blocks that it lies between, both included
 * @throws as {@link readReceipt}
 */
export async function readNumbered(
  chain: AnyChain,
  { wallet, nonce }: { wallet: Address; nonce: number },
  range: { from: number; to: number },
  signal: AbortSignal,
): Promise<(Transaction & { block: number }) | undefined> {
  let [low, high] = [range.from, range.to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const sent = await readMined(chain, wallet, middle, signal);
    if (sent === undefined) return undefined;
    if (sent > nonce) high = middle;
    else low = middle + 1;
  }
  const all = await readTransactions(chain, low, signal);
  const found = all.find((one) => one.from === wallet && one.nonce === nonce);
  return found && { ...found, block: low };
}
