import { encodeFunctionData } from "viem";
import { readAgreedHead } from "../../chain/actions/readBlock.ts";
import { readContract } from "../../chain/chain.ts";
import { submit } from "../../chain/submit.ts";
import type { Core } from "../../client/core.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../../errors/index.ts";
import { skmAbi } from "../../generated/index.ts";
import { readReceipt } from "../../money/receipt.ts";
import type { Hex } from "../../types/primitives.ts";
import { fundEscrow } from "../actOnEscrow.ts";
import { missingFor } from "./missing.ts";
import type { ActInHand } from "./records.ts";

/**
 * What ends it, each by the word of two operators: as long as its money may be on the way, it is not forgotten, or the person would
 * pay again. What else goes wrong is one relay's word.
 */
export const fundRefusals: readonly ErrorCode[] = [
  ...(["ESCROW_MOVED_ON", "ESCROW_EARLIER_UNPAID", "ESCROW_NOT_IN_TIME", "ESCROW_MONEY_NOT_SEEN"] as const),
  "PAYMENT_REFUSED",
];

/**
 * Brings the money that is still missing, if exactly that was signed for, and counts it for the milestones.
 * @throws SkrumbleError one of {@link fundRefusals}; ESCROW_UNDERFUNDED (not there yet), and what reads and {@link submit} throw
 */
export async function fundMilestones(
  core: Core,
  record: ActInHand,
  act: { first: number; count: number },
): Promise<Hex> {
  const { chain, signal } = core;
  const { escrow, money, pays } = record;
  const { amount } = await missingFor(core, escrow, money, act);
  if (amount > 0n) {
    if (!pays) throw new SkrumbleError("ESCROW_MOVED_ON");
    const isDue = await (pays.nonce ? isToBeBrought(core, record, pays.nonce) : isToBeSent(core, record));
    if (!isDue) throw new SkrumbleError("ESCROW_UNDERFUNDED");
    // Somebody else has paid a part, or took some back: nobody signed for that.
    if (amount !== BigInt(pays.amount)) throw new SkrumbleError("ESCROW_MOVED_ON");
    await bring(core, record);
  }
  try {
    return (await fundEscrow(chain, escrow, act, { signal })).hash;
  } catch (error) {
    if (fundRefusals.includes(codeOf(error))) throw new SkrumbleError("ESCROW_UNDER_WAY", { cause: error });
    throw error;
  }
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

/** What a wallet sends itself is waited for; never true: nothing here could send it. */
async function isToBeSent(core: Core, { pays, deadline }: ActInHand): Promise<false> {
  const { chain, signal } = core;
  const receipt = pays?.transaction && (await readReceipt(chain, pays.transaction, signal));
  if (receipt && receipt.status !== "0x1") throw new SkrumbleError("PAYMENT_REFUSED");
  if ((await readAgreedHead(chain, signal)).timestamp < deadline) return false;
  throw new SkrumbleError("ESCROW_MONEY_NOT_SEEN");
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
