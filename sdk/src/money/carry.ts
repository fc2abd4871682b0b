import { encodeFunctionData } from "viem";
import { readBlock } from "../chain/actions/readBlock.ts";
import { RpcError } from "../chain/rpc.ts";
import { revertName, submit } from "../chain/submit.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { readMessage } from "../conversation/history/page.ts";
import { sendContent } from "../conversation/send/sendContent.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { skmAbi } from "../generated/index.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { findSent } from "./findSent.ts";
import { allInHand, inHand, keepInHand, letGo, type PaymentInHand } from "./inHand.ts";
import { markPayment, settlePayment } from "./settle.ts";
import { verifyPayment } from "./verify.ts";

const pause = 2000;
/** For what did not work at once, or may never have happened. */
const longPause = 10_000;
const soon = 60_000;
/** What was sent late by a page that is closed is found for so long. */
const margin = 600_000;

const rejections: Record<string, ErrorCode> = {
  ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
  ERC3009Expired: "PAYMENT_EXPIRED",
};

/** After a start: each goes on where it stood. */
export async function resumeInHand(core: Core): Promise<void> {
  for (const record of await allInHand(core)) {
    // Nobody has the signature of one whose wallet was still being asked.
    if (record.nonce !== undefined && record.signature === undefined) await letGo(core, record);
    else goOn(core, record);
  }
}

/** Does what is left to be done for a payment, in the background. */
export function goOn(core: Core, record: PaymentInHand): void {
  const work = inHand(core);
  if (work.taken.has(record.id)) return;
  work.taken.add(record.id);
  work.start(async () => {
    try {
      if (record.nonce !== undefined) {
        await say(core, record);
        await carry(core, record);
      } else if (record.transaction !== undefined) {
        await say(core, record);
        await letGo(core, record);
      } else {
        await seek(core, record);
      }
    } finally {
      work.taken.delete(record.id);
    }
  });
}

/**
 * Tells of it in the conversation, unless that was done. A signature that cannot be told of is thrown away: it is known nowhere
 * else, so nothing is paid. @throws what {@link sendContent} throws
 */
export async function say(core: Core, record: PaymentInHand): Promise<void> {
  const { conversationId, id, content, nonce, transaction } = record;
  if ((await readMessage(core.vault, conversationId, id)) !== undefined) return;
  const proof = nonce === undefined ? { transaction } : { nonce };
  try {
    await sendContent(core, conversationId, { ...content, ...proof }, id);
  } catch (error) {
    if (nonce !== undefined && !core.signal.aborted) await letGo(core, record);
    throw error;
  }
}

/** Brings what was signed to the chain until it is there, or cannot get there any more. It never counts twice: see EIP-3009. */
async function carry(core: Core, record: PaymentInHand): Promise<void> {
  const { conversationId, id, content, nonce, at } = record;
  const mark = (how: { state?: "sent"; code?: string | undefined }) => markPayment(core, conversationId, id, how);
  const from = core.self.identity.publicId;
  while (!core.signal.aborted) {
    try {
      const finding = await verifyPayment(core.chain, { ...content, nonce, from, at }, core.signal);
      if (finding.state !== "open") {
        await settlePayment(core, conversationId, id, finding);
        return await letGo(core, record);
      }
      const call = authorizationCall(core, record);
      await simulate(core, call);
      await submit(
        core.chain,
        { ...call, abi: skmAbi, rejections },
        {
          signal: core.signal,
          timeout: 30_000,
          onAccepted: () => void mark({ state: "sent", code: undefined }).catch(() => undefined),
        },
      );
    } catch (error) {
      if (core.signal.aborted) return;
      const code = error instanceof SkrumbleError ? error.code : "UNEXPECTED";
      if (code === "UNEXPECTED" || code.startsWith("STORE")) throw error;
      await mark({ code });
    }
    await pauseFor(core.signal, core.now() - at < soon ? pause : longPause);
  }
}

function authorizationCall(core: Core, { content, recipient, nonce, signature }: PaymentInHand) {
  const { wallet, amount, until } = content;
  const data = encodeFunctionData({
    abi: skmAbi,
    functionName: "transferWithAuthorization",
    args: [wallet, recipient, BigInt(amount), 0n, BigInt(until), nonce as Hex, signature as Hex],
  });
  return { to: core.chain.network.contracts.skm, data };
}

/** A transaction that would be refused is not sent. @throws SkrumbleError */
async function simulate(core: Core, call: { to: Address; data: Hex }): Promise<void> {
  try {
    await core.chain.rpc.request("eth_call", [call, "latest"], core.signal);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const name = revertName(error, skmAbi);
    throw new SkrumbleError((name && rejections[name]) || "PAYMENT_REFUSED", { cause: error });
  }
}

/** Looks for what a wallet was asked to send by a page that was closed before it said so. */
async function seek(core: Core, record: PaymentInHand): Promise<void> {
  while (!core.signal.aborted) {
    try {
      if (await findAgain(core, record)) return;
      if (core.now() > record.content.until * 1000 + margin && (await isOver(core, record)))
        return await letGo(core, record);
    } catch (error) {
      if (!(error instanceof SkrumbleError) || error.category !== "network") throw error;
    }
    await pauseFor(core.signal, longPause);
  }
}

const isOver = async (core: Core, { content }: PaymentInHand): Promise<boolean> =>
  (await readBlock(core.chain, undefined, core.signal)).timestamp > content.until;

/** One look. Tells of it in the conversation when it was sent. @returns whether it was */
export async function findAgain(core: Core, record: PaymentInHand): Promise<boolean> {
  const transaction = await findSent(core, record);
  if (transaction === undefined) return false;
  const found = { ...record, transaction };
  await keepInHand(core, found);
  await say(core, found);
  await letGo(core, found);
  return true;
}
