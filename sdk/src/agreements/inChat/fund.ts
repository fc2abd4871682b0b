import { encodeFunctionData } from "viem";
import { readAgreedHead } from "../../chain/actions/readBlock.ts";
import { readContract } from "../../chain/chain.ts";
import { submit } from "../../chain/submit.ts";
import type { Core } from "../../client/core.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../../errors/index.ts";
import { skmAbi } from "../../generated/index.ts";
import { type Receipt, readReceipt, readTransaction } from "../../money/receipt.ts";
import { isNothingWaiting, isPastSending } from "../../money/stillSent.ts";
import { transferOf } from "../../money/transferOf.ts";
import { readInstead } from "../../money/verify.ts";
import type { Hex } from "../../types/primitives.ts";
import { missingFor } from "./missing.ts";
import { type ActInHand, keepAct } from "./records.ts";

/**
 * Brings the money that is still missing for milestones to the escrow, if exactly that was signed for.
 * @throws SkrumbleError ESCROW_UNDERFUNDED (not there yet), and by the word of two operators ESCROW_MOVED_ON, ESCROW_EARLIER_UNPAID,
 * ESCROW_NOT_IN_TIME, ESCROW_MONEY_NOT_SEEN, PAYMENT_REFUSED, PAYMENT_REPLACED; and what reads and {@link submit} throw
 */
export async function bringMoney(core: Core, record: ActInHand, act: { first: number; count: number }): Promise<void> {
  const { escrow, money, pays } = record;
  const { amount } = await missingFor(core, escrow, money, act);
  if (amount === 0n) return;
  if (!pays) throw new SkrumbleError("ESCROW_MOVED_ON");
  const isDue = await (pays.nonce ? isToBeBrought(core, record, pays.nonce) : isToBeSent(core, record, pays));
  if (!isDue) throw new SkrumbleError("ESCROW_UNDERFUNDED");
  // Somebody else has paid a part, or took some back: nobody signed for that.
  if (amount !== BigInt(pays.amount)) throw new SkrumbleError("ESCROW_MOVED_ON");
  await bring(core, record);
}

/** Whether what was signed still can move the money. EIP-3009 takes a nonce once, whoever submits it. */
async function isToBeBrought(core: Core, { wallet, deadline }: ActInHand, nonce: Hex): Promise<boolean> {
  const { chain, signal } = core;
  const late = (await readAgreedHead(chain, signal)).timestamp >= deadline;
  const used = await readContract(
    chain,
    {
      ...{ address: chain.network.contracts.skm, abi: skmAbi },
      ...{ functionName: "authorizationState", args: [wallet, nonce] },
    },
    { quorum: true, signal },
  );
  // It came and went, or was taken back; before its time is over it may just have come.
  if (late) throw new SkrumbleError(used ? "ESCROW_MONEY_NOT_SEEN" : "ESCROW_NOT_IN_TIME");
  return !used;
}

/**
 * What a wallet sends itself is waited for; never true: nothing here could send it. Of all transactions with one number of the account
 * one is mined: when that is another one, this one never comes. Without that nobody pays again while one of the wallet's still waits.
 */
async function isToBeSent(core: Core, record: ActInHand, pays: NonNullable<ActInHand["pays"]>): Promise<false> {
  const { chain, signal } = core;
  const { wallet, deadline, from } = record;
  const { transaction } = pays;
  // As of when the wallet was asked.
  const block = from - 1;
  if (transaction) {
    const receipt = await readReceipt(chain, transaction, signal);
    if (receipt && receipt.status !== "0x1") throw new SkrumbleError("PAYMENT_REFUSED");
    const accountNonce = receipt ? undefined : await noteNumber(core, record, pays, transaction);
    const on = { on: chain, maySearch: () => true };
    const instead = await readInstead(on, { wallet, accountNonce, block }, transaction, undefined, signal);
    // With a higher fee it is the same payment, and what is missing says whether it has come.
    if (typeof instead === "object" && !(await isSame(core, record, pays, instead)))
      throw new SkrumbleError("PAYMENT_REPLACED");
  }
  // As with payments in doubt: the wallet may have been answered late, and one relay may leave out what waits.
  if (!(await isPastSending(core, chain, deadline))) return false;
  if (!(await isNothingWaiting(core, chain, { wallet, until: deadline }))) return false;
  throw new SkrumbleError("ESCROW_MONEY_NOT_SEEN");
}

/** The number of a transaction that waits, once a node has told it: afterwards it may be forgotten. */
async function noteNumber(
  { chain, signal, vault }: Core,
  record: ActInHand,
  pays: NonNullable<ActInHand["pays"]>,
  transaction: Hex,
): Promise<number | undefined> {
  if (pays.accountNonce !== undefined) return pays.accountNonce;
  const found = await readTransaction(chain, transaction, signal);
  if (!found) return undefined;
  pays.accountNonce = found.nonce;
  await keepAct(vault, record);
  return found.nonce;
}

async function isSame(
  { chain, signal }: Core,
  { money: { token }, escrow }: ActInHand,
  { amount }: NonNullable<ActInHand["pays"]>,
  { status, transactionHash }: Receipt,
): Promise<boolean> {
  if (status !== "0x1") return false;
  const { to, data = "0x", value } = transferOf({ token, chainId: chain.network.chainId }, escrow, BigInt(amount));
  const found = await readTransaction(chain, transactionHash, signal);
  return found?.to === to.toLowerCase() && found.input === data && BigInt(found.value) === value;
}

async function bring(core: Core, { pays, wallet, escrow, deadline }: ActInHand): Promise<void> {
  const { chain, signal } = core;
  if (!pays?.nonce || !pays.signature) throw new SkrumbleError("ESCROW_MOVED_ON");
  const args = [wallet, escrow, BigInt(pays.amount), 0n, BigInt(deadline), pays.nonce, pays.signature] as const;
  const data = encodeFunctionData({ abi: skmAbi, functionName: "transferWithAuthorization", args });
  const rejections: Record<string, ErrorCode> = {
    ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
    ERC3009NonceUsed: "PAYMENT_MADE",
    ERC3009Expired: "ESCROW_UNDERFUNDED",
  };
  const to = chain.network.contracts.skm;
  await submit(chain, { to, data, abi: skmAbi, rejections }, { signal }).catch((error) => {
    if (codeOf(error) !== "PAYMENT_MADE") throw error;
  });
}
