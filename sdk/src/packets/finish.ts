import { readSuccess } from "../chain/actions/awaitReceipt.ts";
import { createPacket, packetNonce } from "../chain/actions/createPacket.ts";
import { findPacket } from "../chain/actions/findPacket.ts";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readContract } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode, SkrumbleError, throwIfAborted } from "../errors/index.ts";
import { skmAbi } from "../generated/index.ts";
import { isNothingWaiting, isStillKnown } from "../money/stillSent.ts";
import { dropMade, keepMade, type MadePacket } from "./records.ts";
import { termsOf } from "./terms.ts";

/** The chain's last word on a signature, as far as one can tell. */
export const refusals: readonly ErrorCode[] = [
  ...(["AMOUNT_OVER_BALANCE", "PACKET_EXPIRY_INVALID", "PACKET_TOO_SMALL", "PACKET_NOT_MADE"] as const),
  ...(["INPUT_INVALID", "WALLET_FAILED", "CHAIN_REJECTED"] as const),
];

/**
 * Brings a packet that its creator has signed on chain and then into the conversation, from wherever it got.
 * @throws SkrumbleError why it is not on chain, and what `sendContent` throws
 */
export async function finishPacket(core: Core, made: MadePacket): Promise<HistoryMessage> {
  if (made.packetId === undefined) await onChain(core, made);
  return said(core, made);
}

async function onChain(core: Core, made: MadePacket): Promise<void> {
  const { chain, signal } = core;
  const { creator, signature, sends } = made;
  if (signature === undefined && !sends) throw new SkrumbleError("PACKET_NOT_MADE");
  // It may be there already: this device was closed, or whoever saw the signature submitted it.
  if (await findMade(core, made)) return;
  if (await isVoid(core, made)) {
    await dropMade(core.vault, made.messageId);
    throw new SkrumbleError("PACKET_NOT_MADE");
  }
  if (signature === undefined) {
    // Only the wallet can bring it there.
    throw new SkrumbleError("CHAIN_UNREACHABLE");
  }
  try {
    const request = { terms: termsOf(made), creator, validBefore: BigInt(made.validBefore), signature };
    await createPacket(chain, request, { signal });
  } catch (error) {
    if (!refusals.includes(codeOf(error))) throw error;
    if (await findMade(core, made)) return;
    // A signature that is used made the packet, though not every relay knows yet; or it was taken back.
    if ((await isUsed(core, made)) && (await appears(core, made))) return;
    await keepMade(core.vault, Object.assign(made, { refused: true }));
    throw error;
  }
  if (await appears(core, made)) return;
  throw new SkrumbleError("CHAIN_UNREACHABLE");
}

/** Relays may be a block behind the one that had the receipt, or took the transaction. */
export async function appears(core: Core, made: MadePacket): Promise<boolean> {
  for (let turn = 0; turn < 20 && !core.signal.aborted; turn++) {
    if (await findMade(core, made)) return true;
    await pauseFor(core.signal, 300);
  }
  throwIfAborted(core.signal);
  return false;
}

/**
 * Its time is over by this device's clock and the chain's, and after that it is in no block: one relay's word alone must not make it
 * forget a packet that is paid, or may still be. What a wallet sends by itself the contract takes until the packet expires.
 */
export async function isVoid(core: Core, made: MadePacket): Promise<boolean> {
  const { validBefore, expiresAt, sends } = made;
  const { chain, signal } = core;
  if (sends?.transaction && (await readSuccess(chain, sends.transaction, signal)) === false) return true;
  return (await isOver(core, sends ? Math.max(expiresAt, validBefore) : validBefore)) && !(await findMade(core, made));
}

/** A wallet that was asked to send it an hour ago has most likely not done so: nothing of it waits. */
export async function isLate(core: Core, made: MadePacket): Promise<boolean> {
  const { validBefore: until, creator: wallet, sends } = made;
  if (!(await isOver(core, until)) || !(await isNothingWaiting(core, core.chain, { wallet, until }))) return false;
  for (const hash of new Set([sends?.transaction, sends?.signed])) {
    // Behind a number that is missing it is counted nowhere, and is mined once that one is there.
    if (hash === undefined || !(await isStillKnown(core, core.chain, { hash, until }))) continue;
    if ((await readSuccess(core.chain, hash, core.signal)) === undefined) return false;
  }
  return true;
}

/** @param at Unix seconds */
const isOver = async ({ chain, signal, now }: Core, at: number): Promise<boolean> =>
  now() / 1000 >= at && (await readAgreedHead(chain, signal)).timestamp >= at;

/** Whether its signature was, by two operators. */
function isUsed({ chain, signal }: Core, made: MadePacket): Promise<boolean> {
  const args = [made.creator, packetNonce(chain, termsOf(made))] as const;
  const token = { address: chain.network.contracts.skm, abi: skmAbi };
  return readContract(chain, { ...token, functionName: "authorizationState", args }, { quorum: true, signal });
}

/** Looks for it on chain, and notes where it is. */
export async function findMade(core: Core, made: MadePacket): Promise<boolean> {
  const { key } = termsOf(made);
  const found = await findPacket(core.chain, { creator: made.creator, key, from: BigInt(made.from) }, core.signal);
  if (!found) return false;
  delete made.refused;
  await keepMade(core.vault, Object.assign(made, found));
  return true;
}

async function said(core: Core, made: MadePacket): Promise<HistoryMessage> {
  const { conversationId, messageId, key, shares, message, token, block = 0, packetId = 0 } = made;
  const before = await core.threads.message(conversationId, messageId);
  if (before) return before;
  const content = {
    ...{ kind: "packet" as const, packetId, block, key, shares },
    asset: { chainId: core.chain.network.chainId, token: token.toLowerCase() as typeof token },
    lucky: made.secret !== undefined,
    expiresAt: made.expiresAt * 1000,
    message,
  };
  return sendContent(core, conversationId, content, messageId);
}
