import { zeroAddress } from "viem";
import { isContract } from "../chain/actions/isContract.ts";
import { type BlockHead, readAgreedBlock, readAgreedHead, readBlock } from "../chain/actions/readBlock.ts";
import { readBlockAt } from "../chain/actions/readBlockAt.ts";
import { readFinal } from "../chain/actions/readFinal.ts";
import { readOwnerAt } from "../chain/actions/readOwnerAt.ts";
import { readMined } from "../chain/actions/readSent.ts";
import { type AnyChain, type Chain, readContract } from "../chain/chain.ts";
import type { StoredPayment } from "../conversation/content/money.ts";
import type { ErrorCode } from "../errors/index.ts";
import { skmAbi } from "../generated/index.ts";
import type { Address, Hex, Millis, PublicId } from "../types/primitives.ts";
import {
  findUse,
  type Receipt,
  readNumbered,
  readReceipt,
  readTransaction,
  type TokenTransfer,
  transfersIn,
  usedAt,
} from "./receipt.ts";

/** What somebody says they have paid. */
export interface PaymentClaim
  extends Pick<
    StoredPayment,
    "asset" | "amount" | "to" | "wallet" | "nonce" | "transaction" | "accountNonce" | "block" | "until"
  > {
  from: PublicId;
  /** When they said so. */
  at: Millis;
}

/**
 * `places`: the movements on chain that it may be, of which each counts for one message only. A payment that is `open` may
 * still come. One that is `unsure` the wallet may have made by another transaction, and nodes cannot say which. One that
 * `differs` moved something else: less, or to another wallet; `recipient` is there when that is the right one.
 */
export type Finding =
  | { state: "open" }
  | { state: "unsure" }
  | { state: "final"; transaction: Hex; recipient: Address; paidAt: Millis; places: string[] }
  | {
      state: "differs";
      transaction: Hex;
      recipient?: Address;
      moved: { amount: string; wallet: Address };
      paidAt: Millis;
      places: string[];
    }
  | { state: "failed"; code: ErrorCode };

/** What can be written down of a payment. */
export type Settled = Exclude<Finding, { state: "open" }>;

/** Seconds after its time for which a transaction may still come. */
const grace = 600;

/**
 * The second (Unix) from which a payment cannot happen any more, whatever its sender says: an hour after it was signed, by a
 * clock that may be two days off (see readDeadline).
 */
export const endOf = ({ until, at }: { until: number; at: Millis }): number =>
  Math.min(until, Math.floor(at / 1000) + longest);
/** Seconds: what lies further back than this was paid for something else. */
export const longest = 2 * 86_400 + 7200;

const open: Finding = { state: "open" };
const unsure: Finding = { state: "unsure" };
const failed = (code: ErrorCode): Finding => ({ state: "failed", code });
const mismatch = failed("PAYMENT_MISMATCH");

/**
 * Looks on chain whether a payment was made: from the wallet of whoever says so to the wallet of whom it is for, of this
 * asset, at least so much. Nothing of the claim is believed, and of the relays two of different operators have to agree on
 * everything that makes it final or failed.
 * @param home the network's own chain, which knows whose wallets these are
 * @param on the chain of the payment; its own where blocks can be undone: nothing is final or failed before they cannot any more
 * @param maySearch asked before blocks are looked through for what the wallet sent instead, some 70 requests: whoever says so
 * could have that done for nothing as often as they like. Without it the payment stays open
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED
 */
export async function verifyPayment(
  home: Chain,
  claim: PaymentClaim,
  signal: AbortSignal,
  on: AnyChain = home,
  maySearch: () => boolean = () => true,
): Promise<Finding> {
  if (claim.asset.chainId !== on.network.chainId) return mismatch;
  if (claim.nonce === undefined)
    return verifyTransaction({ home, on, maySearch }, claim, claim.transaction as Hex, signal);
  return on.further ? mismatch : verifyNonce(home, claim, claim.nonce, signal);
}

interface Chains {
  home: Chain;
  on: AnyChain;
}

async function verifyNonce(chain: Chain, claim: PaymentClaim, nonce: Hex, signal: AbortSignal): Promise<Finding> {
  const token = chain.network.contracts.skm.toLowerCase() as Address;
  if (claim.asset.token !== token) return mismatch;
  const isUsed = (quorum: boolean) =>
    readContract(
      chain,
      { address: token, abi: skmAbi, functionName: "authorizationState", args: [claim.wallet, nonce] },
      { quorum, signal },
    );
  const head = await readBlock(chain, undefined, signal);
  // Mostly one says that it is. That it is not has to be the word of two: a relay that is always asked first would keep it open for ever.
  if (!(await isUsed(false)) && !(await isUsed(true))) {
    const isOver = (await isPast(chain, head, endOf(claim), signal)) && !(await isUsed(true));
    return isOver ? failed("PAYMENT_EXPIRED") : open;
  }
  const { wallet, block } = claim;
  const hash = await findUse(chain, { token, wallet, nonce, block, head: Number(head.number) }, signal);
  // It was taken back, or the block is a lie.
  if (!hash) return (await isPast(chain, head, endOf(claim), signal)) && (await isUsed(true)) ? mismatch : open;
  const receipt = await readReceipt(chain, hash, signal);
  const used = receipt && usedAt(receipt, token, wallet, nonce);
  if (!receipt || used === undefined) return open;
  // The transfer of this authorisation, and not of another one that somebody put into the same transaction.
  return settled({ home: chain, on: chain }, claim, receipt, ({ logIndex }) => logIndex === used + 1, signal);
}

/** Whether the chain's time has come, by two operators: on one's word alone a payment that may still be made would count as failed. */
async function isPast(chain: AnyChain, head: BlockHead, time: number, signal: AbortSignal): Promise<boolean> {
  if (head.timestamp < time) return false;
  return (await readAgreedBlock(chain, head.number, signal)).timestamp >= time;
}

async function verifyTransaction(
  chains: Chains & { maySearch(): boolean },
  claim: PaymentClaim,
  hash: Hex,
  signal: AbortSignal,
): Promise<Finding> {
  const { on } = chains;
  // First: what a receipt says afterwards of a block up to this one cannot be undone any more.
  const final = await readFinal(on, signal);
  const receipt = await readReceipt(on, hash, signal);
  if (receipt) {
    if (final && receipt.blockNumber > Number(final.number)) return open;
    if (receipt.status !== "0x1") return failed("PAYMENT_REFUSED");
    return settled(chains, claim, receipt, () => true, signal);
  }
  const instead = await readInstead(chains, claim, hash, final, signal);
  if (instead === "later") return open;
  if (instead === "before") return mismatch;
  if (typeof instead === "object") {
    // With a higher fee it is the same payment; cancelled in the wallet it is none.
    const found = instead.status === "0x1" ? await settled(chains, claim, instead, () => true, signal) : mismatch;
    return found.state === "failed" ? failed("PAYMENT_REPLACED") : found;
  }
  const head = final ?? (await readBlock(on, undefined, signal));
  // Nothing but being forgotten keeps a transaction from being mined: after a long halt it may be among the first.
  const isOver = (await isPast(on, head, endOf(claim) + grace, signal)) && !(await readTransaction(on, hash, signal));
  if (!isOver) return open;
  // Where gas is bid for, nodes forget what its wallet still keeps: with its number unused it can be mined at any time.
  if (on.further) return unsure;
  const isNone =
    instead === "none" || (claim.accountNonce === undefined && (await hasSentNothing(on, claim, final, signal)));
  return isNone ? failed("PAYMENT_EXPIRED") : unsure;
}

/** A wallet that has sent nothing since has not sent it in another way either. */
async function hasSentNothing(
  chain: AnyChain,
  { wallet, block }: PaymentClaim,
  final: BlockHead | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const [before, mined] = [
    await readMined(chain, wallet, block, signal),
    await readMined(chain, wallet, until(final), signal),
  ];
  return before !== undefined && before === mined;
}

const until = (final: BlockHead | undefined): number | "latest" => (final ? Number(final.number) : "latest");

/**
 * What the wallet sent in place of a transaction: of all with one number only one is mined. `none`: nothing so far. `before`: its
 * number was taken when it was said to be signed. `later`: not looked for now. `unsure`: something was, and nobody can say what.
 */
export async function readInstead(
  { on: chain, maySearch }: Pick<Chains, "on"> & { maySearch(): boolean },
  { wallet, accountNonce: nonce, block }: Pick<PaymentClaim, "wallet" | "accountNonce" | "block">,
  hash: Hex,
  final: BlockHead | undefined,
  signal: AbortSignal,
): Promise<Receipt | "none" | "before" | "later" | "unsure"> {
  const mined = nonce === undefined ? undefined : await readMined(chain, wallet, until(final), signal);
  if (nonce === undefined || mined === undefined) return "unsure";
  if (mined <= nonce) return "none";
  if (!maySearch()) return "later";
  const before = await readMined(chain, wallet, block, signal);
  if (before === undefined) return "unsure";
  if (before > nonce) return "before";
  const head = Number((final ?? (await readAgreedHead(chain, signal))).number);
  const sent = await readNumbered(chain, { wallet, nonce }, { from: Math.min(block, head), to: head }, signal);
  if (sent === undefined) return "unsure";
  return (sent.hash === hash ? undefined : await readReceipt(chain, sent.hash, signal)) ?? "later";
}

async function settled(
  { home, on }: Chains,
  claim: PaymentClaim,
  receipt: Receipt,
  fits: (movement: { logIndex: number }) => boolean,
  signal: AbortSignal,
): Promise<Finding> {
  const { blockNumber, transactionHash: transaction } = receipt;
  const { timestamp } = await readAgreedBlock(on, BigInt(blockNumber), signal);
  if (blockNumber < claim.block || timestamp < claim.at / 1000 - longest) return mismatch;
  const ownedAt = on.further ? await readBlockAt(home, timestamp, signal) : blockNumber;
  const [payer, recipient] = await Promise.all(
    [claim.from, claim.to].map((person) => readOwnerAt(home, person, ownedAt, signal)),
  );
  if (!recipient || payer !== claim.wallet) return mismatch;
  const left = (await movementsOf(on, claim.asset.token, receipt, signal)).filter(
    (one) => fits(one) && one.from === payer && one.value > 0n,
  );
  const placeOf = ({ logIndex }: Movement) => `${claim.asset.chainId} ${transaction} ${logIndex}`;
  const paidAt = timestamp * 1000;
  const right = left.filter(({ to, value }) => to === recipient && value >= BigInt(claim.amount));
  if (right.length > 0) return { state: "final", transaction, recipient, paidAt, places: right.map(placeOf) };
  const [first] = left.toSorted((a, b) => rank(b, recipient) - rank(a, recipient) || (a.value < b.value ? 1 : -1));
  if (!first) return (await movesUnseen(on, claim, signal)) ? unsure : mismatch;
  return {
    ...{ state: "differs", transaction, paidAt, places: [placeOf(first)] },
    ...(first.to === recipient ? { recipient } : {}),
    moved: { amount: String(first.value), wallet: first.to },
  };
}

/** An account with code moves the coin inside of somebody else's transaction, or of its own to itself (EIP-7702): nothing tells of that. */
const movesUnseen = async (on: AnyChain, { asset, wallet }: PaymentClaim, signal: AbortSignal): Promise<boolean> =>
  asset.token === zeroAddress && (await isContract(on, wallet, signal, true));

type Movement = Pick<TokenTransfer, "from" | "to" | "value" | "logIndex">;

/** What reached the recipient says more than what went elsewhere, such as a token's fee. */
const rank = ({ to }: Movement, recipient: Address): number => (to === recipient ? 1 : 0);

async function movementsOf(
  chain: AnyChain,
  token: Address,
  receipt: Receipt,
  signal: AbortSignal,
): Promise<Movement[]> {
  if (token !== zeroAddress) return transfersIn(receipt, token);
  const sent = await readTransaction(chain, receipt.transactionHash, signal);
  // The chain's coin leaves no log. No log has this place.
  return sent?.to
    ? [{ from: sent.from as Address, to: sent.to as Address, value: BigInt(sent.value), logIndex: -1 }]
    : [];
}
