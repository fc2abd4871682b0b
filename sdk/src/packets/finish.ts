import { createPacket, packetNonce } from "../chain/actions/createPacket.ts";
import { findPacket } from "../chain/actions/findPacket.ts";
import { readBlock } from "../chain/actions/readBlock.ts";
import { readContract } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import type { HistoryMessage } from "../conversation/content/types.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { skmAbi } from "../generated/index.ts";
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
  const { creator, signature } = made;
  if (signature === undefined) throw new SkrumbleError("PACKET_NOT_MADE");
  // It may be there already: this device was closed, or whoever saw the signature submitted it.
  if (await note(core, made)) return;
  if (await isVoid(core, made)) {
    await dropMade(core.vault, made.messageId);
    throw new SkrumbleError("PACKET_NOT_MADE");
  }
  try {
    const request = { terms: termsOf(made), creator, validBefore: BigInt(made.validBefore), signature };
    await createPacket(chain, request, { signal });
  } catch (error) {
    if (await note(core, made)) return;
    if (refusals.includes(codeOf(error))) await keepMade(core.vault, Object.assign(made, { refused: true }));
    throw error;
  }
  // Relays may be a block behind the one that had the receipt.
  for (let turn = 0; turn < 20 && !signal.aborted; turn++) {
    if (await note(core, made)) return;
    await pauseFor(signal, 300);
  }
  throw new SkrumbleError("CHAIN_UNREACHABLE");
}

/**
 * By the chain's clock and this device's, and two operators say that the signature was not used: a relay's word alone must not
 * make it forget a packet that is paid, or may still be.
 */
export async function isVoid({ chain, now, signal }: Core, made: MadePacket): Promise<boolean> {
  const { validBefore, creator } = made;
  if (now() / 1000 < validBefore || (await readBlock(chain, undefined, signal)).timestamp < validBefore) return false;
  const args = [creator, packetNonce(chain, termsOf(made))] as const;
  const token = { address: chain.network.contracts.skm, abi: skmAbi };
  return !(await readContract(chain, { ...token, functionName: "authorizationState", args }, { quorum: true, signal }));
}

async function note(core: Core, made: MadePacket): Promise<boolean> {
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
