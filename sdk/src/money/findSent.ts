import { zeroAddress } from "viem";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readFinal } from "../chain/actions/readFinal.ts";
import { readMined } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import type { Hex } from "../types/primitives.ts";
import { attemptsOf, inHand, type PaymentInHand, signedFor, type Work } from "./inHand.ts";
import { namedElsewhere } from "./namedElsewhere.ts";
import { mostBlocks, readNumbered, readReceipt, readTransaction, span, transfersBetween } from "./receipt.ts";
import { transferOf } from "./transferOf.ts";

/** Blocks. Nodes that are no further behind say of logs which they do not have yet that there are none: so near the head is looked again. */
const lag = 256;
/** Transactions of the wallet that are looked at in one look, from the one it would have sent. */
const mostLooked = 64;

/**
 * `none`: it is in no block so far. `unsure`: nobody can say, since nodes have forgotten the counts of those blocks, or there is more to
 * look through than one look does; the next one of this run goes on where this one ended.
 */
export type SentSearch = { state: "found"; transaction: Hex } | { state: "none" } | { state: "unsure" };

/**
 * The mined transaction by which a wallet made a payment, when nobody was there to hear of it: what it signed is known by its hash; else a
 * token leaves a log, the coin is found among what the wallet sent since, to whichever wallet it was asked to send it. One that another
 * payment of this person names is not it. That there is none does not say that none will come.
 * @throws SkrumbleError QUORUM_FAILED, CHAIN_UNREACHABLE, CHAIN_REJECTED, ABORTED
 */
export async function findSent(core: Core, record: PaymentInHand): Promise<SentSearch> {
  const on = core.payments.assets.chains.of(record.content.asset);
  const head = Number((await readAgreedHead(on, core.signal)).number);
  const named = await namedElsewhere(core, record);
  const isFree = (hash: Hex) => !named.has(hash);
  for (const hash of signedFor(record).filter(isFree))
    if ((await readReceipt(on, hash, core.signal))?.status === "0x1") return { state: "found", transaction: hash };
  const find = record.content.asset.token === zeroAddress ? findCoin : findToken;
  // Where blocks can be undone, it may come to lie in one that was looked through.
  const final = Number((await readFinal(on, core.signal))?.number ?? head);
  const { searched } = inHand(core);
  return find(record, { on, signal: core.signal, searched, head, final, isFree });
}

const recipientsOf = (record: PaymentInHand): Hex[] => [
  ...new Set(attemptsOf(record).map(({ recipient }) => recipient)),
];

interface Search {
  searched: Work["searched"];
  on: AnyChain;
  signal: AbortSignal;
  head: number;
  /** What was looked through up to this block is looked through for good. */
  final: number;
  isFree(hash: Hex): boolean;
}

async function findToken(
  record: PaymentInHand,
  { on, signal, searched, head, final, isFree }: Search,
): Promise<SentSearch> {
  const { id, content } = record;
  const { asset, wallet: from, amount } = content;
  const block = searched.get(id)?.block ?? content.block;
  const last = Math.min(head, block + mostBlocks - 1);
  // What was looked through is remembered span by span: a node that fails has nobody start anew.
  for (let first = block; first <= last; first += span) {
    const end = Math.min(last, first + span - 1);
    for (const recipient of recipientsOf(record)) {
      const { to, data } = transferOf(asset, recipient, BigInt(amount));
      const range = { token: asset.token, from, to: recipient, block: first, head: end };
      for await (const { transaction, value } of transfersBetween(on, range, signal)) {
        if (!isFree(transaction)) continue;
        if (value === BigInt(amount)) return { state: "found", transaction };
        // A token may move another amount than it was told to.
        const sent = await readTransaction(on, transaction, signal);
        if (sent?.to === to && sent.input === data) return { state: "found", transaction };
      }
    }
    searched.set(id, { block: Math.max(block, Math.min(end, final, head - lag) + 1) });
  }
  return { state: last < head ? "unsure" : "none" };
}

async function findCoin(
  record: PaymentInHand,
  { on, signal, searched, head, final, isFree }: Search,
): Promise<SentSearch> {
  const { id, content, count } = record;
  const { wallet, amount } = content;
  const recipients = recipientsOf(record);
  const mined = await readMined(on, wallet, "latest", signal);
  if (count === undefined || mined === undefined) return { state: "unsure" };
  let { block, nonce = count } = searched.get(id) ?? { block: content.block };
  const last = Math.min(mined, nonce + mostLooked);
  for (; nonce < last; nonce++) {
    const sent = await readNumbered(on, { wallet, nonce }, { from: block, to: head }, signal);
    if (!sent) return { state: "unsure" };
    if (recipients.some((one) => one === sent.to) && BigInt(sent.value) === BigInt(amount) && isFree(sent.hash))
      return { state: "found", transaction: sent.hash };
    block = sent.block;
    if (block <= final) searched.set(id, { block, nonce: nonce + 1 });
  }
  return { state: last < mined ? "unsure" : "none" };
}
