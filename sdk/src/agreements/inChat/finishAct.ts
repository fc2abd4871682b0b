import { numberToHex } from "viem";
import { readAgreedHead } from "../../chain/actions/readBlock.ts";
import { logSpan } from "../../chain/logs.ts";
import { quorumRequest } from "../../chain/quorum.ts";
import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../../errors/index.ts";
import { readTransaction } from "../../money/receipt.ts";
import type { Hex } from "../../types/primitives.ts";
import { settleMilestone, submitAction } from "../actOnEscrow.ts";
import { escrowActionOf, termsInCall } from "./acts.ts";
import { fundMilestones, fundRefusals } from "./fund.ts";
import { type ActInHand, dropAct } from "./records.ts";

/** The chain's last word on what somebody signed. */
const refusals: readonly ErrorCode[] = [
  ...(["ESCROW_MOVED_ON", "ESCROW_TOO_LATE", "ESCROW_TOO_EARLY", "ESCROW_NOT_YOURS", "ESCROW_WAITS"] as const),
  ...(["ESCROW_AMOUNT_TOO_HIGH", "AMOUNT_INVALID", "WALLET_CHANGED_ACCOUNT"] as const),
  ...(["ESCROW_NOT_IN_TIME", "CHAIN_REJECTED"] as const),
];
/** Nothing can be told in the conversation any more. */
const closed: readonly ErrorCode[] = ["CONVERSATION_UNKNOWN", "GROUP_LEFT"];

/** Whether an act has come to its end with this. */
export const isOver = ({ act }: ActInHand, error: unknown): boolean =>
  (act.do === "fund" ? fundRefusals : refusals).includes(codeOf(error)) || closed.includes(codeOf(error));

/**
 * Brings what was signed to the chain and then into the conversation, from wherever it got: a second time changes nothing.
 * @throws SkrumbleError why it is not on chain, and what `sendContent` throws
 */
export async function finishAct(core: Core, record: ActInHand): Promise<HistoryMessage> {
  try {
    const said = await tell(core, record, await onChain(core, record));
    await dropAct(core.vault, record);
    return said;
  } catch (error) {
    if (isOver(record, error) && !core.signal.aborted) await dropAct(core.vault, record);
    throw error;
  }
}

async function onChain(core: Core, record: ActInHand): Promise<Hex> {
  const found = await findDone(core, record);
  if (found) return found;
  try {
    return await submitted(core, record);
  } catch (error) {
    // This device was closed after it had sent it, or another one was faster; relays may be some blocks behind.
    for (let turn = 0; turn < (isOver(record, error) ? 4 : 1); turn++) {
      if (turn > 0) await pauseFor(core.signal, 400);
      const done = await findDone(core, record).catch(() => undefined);
      if (done) return done;
    }
    throw error;
  }
}

async function submitted(core: Core, record: ActInHand): Promise<Hex> {
  const { chain, signal } = core;
  const { act, escrow, money, wallet, signature, deadline } = record;
  if (act.do === "fund") return fundMilestones(core, record, act);
  if ((await readAgreedHead(chain, signal)).timestamp > deadline) throw new SkrumbleError("ESCROW_NOT_IN_TIME");
  if (act.do === "settle") return (await settleMilestone(chain, escrow, act.index, { signal })).hash;
  const action = escrowActionOf(act, money.token);
  if (!action || !signature) throw new SkrumbleError("ESCROW_MOVED_ON");
  const by = { signer: wallet, step: BigInt(record.step), deadline: BigInt(deadline), signature };
  return (await submitAction(chain, escrow, action, by, { signal })).hash;
}

/** The transaction that did it, as two operators say: this act's own, signed for this step. Blocks that only one knows wait. */
async function findDone(core: Core, { escrow, money, act, wallet, from, step }: ActInHand): Promise<Hex | undefined> {
  const { chain, signal } = core;
  const { number: head } = await readAgreedHead(chain, signal);
  const wanted = { escrow, act, wallet, token: money.token, step: BigInt(step) };
  for (let at = BigInt(from); at <= head; at += logSpan) {
    const to = at + logSpan - 1n < head ? at + logSpan - 1n : head;
    const query = { address: escrow, fromBlock: numberToHex(at), toBlock: numberToHex(to) };
    const logs = (await quorumRequest(chain.rpc, "eth_getLogs", [query], signal)) as { transactionHash: Hex }[];
    for (const transaction of new Set(logs.map(({ transactionHash }) => transactionHash))) {
      const call = await readTransaction(chain, transaction, signal);
      if (call && termsInCall(call, wanted)) return transaction;
    }
  }
  return undefined;
}

async function tell(core: Core, record: ActInHand, transaction: Hex): Promise<HistoryMessage> {
  const { conversationId, agreement, id, act } = record;
  const before = await core.threads.message(conversationId, id);
  if (before) return before;
  const step = { did: "acted", of: agreement, act, transaction } as const;
  return sendContent(core, conversationId, { kind: "agreement", step }, id);
}
