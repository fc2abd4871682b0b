import { encodeFunctionData } from "viem";
import { RpcError } from "../chain/rpc.ts";
import { simulate } from "../chain/simulate.ts";
import { revertName, submit } from "../chain/submit.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { readMessage } from "../conversation/history/page.ts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { skmAbi } from "../generated/index.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { allInHand, inHand, keepInHand, letGo, type PaymentInHand, readInHand } from "./inHand.ts";
import { lookAgain } from "./lookAgain.ts";
import { say } from "./say.ts";
import { markPayment, settlePayment } from "./settle.ts";
import { verifyPayment } from "./verify.ts";

const pause = 2000;
/** For what did not work at once, or may never have happened. */
const longPause = 10_000;
const soon = 60_000;
const rarely = 60_000;
const hour = 3_600_000;

const rejections: Record<string, ErrorCode> = {
  ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
  ERC3009Expired: "PAYMENT_EXPIRED",
};

/** After a start: each goes on where it stood. */
export async function resumeInHand(core: Core): Promise<void> {
  for (const record of await allInHand(core)) {
    if (record.settled && record.told) continue;
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
      const current = await readInHand(core, record.id);
      if (current?.signature !== undefined) {
        // Its conversation may be gone since: it goes its way all the same.
        if (!current.told) await say(core, current);
        const told: PaymentInHand = { ...current, told: true };
        await keepInHand(core, told);
        await carry(core, told);
      } else if (current?.nonce === undefined) {
        await seek(core, record);
      }
    } finally {
      work.taken.delete(record.id);
    }
  });
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
        const isShown = (await readMessage(core.vault, conversationId, id)) !== undefined;
        return await (isShown ? letGo(core, record) : keepInHand(core, { ...record, settled: finding }));
      }
      const call = authorizationCall(core, record);
      await tryOut(core, call);
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
async function tryOut(core: Core, call: { to: Address; data: Hex }): Promise<void> {
  try {
    await simulate(core.chain, call, core.signal);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const name = revertName(error, skmAbi);
    throw new SkrumbleError((name && rejections[name]) || "PAYMENT_REFUSED", { cause: error });
  }
}

/** Looks for what a wallet was asked to send, until it is told of or cannot come any more. */
async function seek(core: Core, record: PaymentInHand): Promise<void> {
  while (!core.signal.aborted) {
    try {
      if ((await lookAgain(core, record)) !== "open") return;
    } catch (error) {
      if (!(error instanceof SkrumbleError) || error.category !== "network") throw error;
    }
    const isYoung = core.now() - record.at < hour;
    const unsure = (await readInHand(core, record.id))?.unsure;
    await pauseFor(core.signal, unsure ? hour : isYoung ? longPause : rarely);
  }
}
