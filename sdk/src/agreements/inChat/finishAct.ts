import { numberToHex } from "viem";
import { type BlockHead, readAgreedHead } from "../../chain/actions/readBlock.ts";
import { readRefusal } from "../../chain/actions/readRefusal.ts";
import { logSpan } from "../../chain/logs.ts";
import { quorumRequest } from "../../chain/quorum.ts";
import { submit } from "../../chain/submit.ts";
import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { isUntellable } from "../../conversation/send/isUntellable.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode, SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import { readTransaction } from "../../money/receipt.ts";
import type { Hex } from "../../types/primitives.ts";
import { actionCall, type EscrowCall, fundCall, settleCall } from "../actOnEscrow.ts";
import { escrowActionOf, termsInCall } from "./acts.ts";
import { placeOfConcluded, placeOfEscrow } from "./concluded.ts";
import { bringMoney } from "./fund.ts";
import { type ActInHand, dropAct, keepAct, readAct } from "./records.ts";

/**
 * What ends an act, each by the word of two operators: one relay that lies or is behind ends nothing. As long as its money may be on the
 * way it is not forgotten either, or the person would pay again.
 */
const ends: readonly ErrorCode[] = [
  ...(["ESCROW_MOVED_ON", "ESCROW_TOO_LATE", "ESCROW_TOO_EARLY", "ESCROW_NOT_YOURS", "ESCROW_WAITS"] as const),
  ...(["ESCROW_AMOUNT_TOO_HIGH", "AMOUNT_INVALID", "WALLET_CHANGED_ACCOUNT", "ESCROW_NOT_IN_TIME"] as const),
  ...(["ESCROW_EARLIER_UNPAID", "ESCROW_MONEY_NOT_SEEN", "PAYMENT_REFUSED", "PAYMENT_REPLACED"] as const),
  "INPUT_INVALID",
];

/** So often is looked for what was just sent: relays may be some blocks behind the one that took it. */
const turns = 8;
const pause = 400;
/** For one relay to say that it is done, in milliseconds; others are asked then. */
const timeout = 30_000;

/** Whether an act has come to its end with this: nothing of it gets onto the chain. */
export const isOver = (error: unknown): boolean => ends.includes(codeOf(error));

/**
 * Brings what was signed to the chain and then, where that takes it, into the conversation, from wherever it got: a second time changes
 * nothing. Whoever was thrown out of the conversation, or left it, still has their rights: the chain never waits for it.
 * @returns the message that tells of it; undefined where no conversation takes it
 * @throws SkrumbleError why it is not on chain; once it is (`done`), why it cannot be told just now
 */
export async function finishAct(core: Core, record: ActInHand): Promise<HistoryMessage | undefined> {
  if (record.done === undefined) {
    try {
      record.done = await onChain(core, record);
    } catch (error) {
      if (isOver(error) && !core.signal.aborted) await dropAct(core.vault, record);
      throw error;
    }
    await keepAct(core.vault, record);
  }
  return tell(core, record, record.done);
}

async function onChain(core: Core, record: ActInHand): Promise<Hex> {
  const { chain, signal } = core;
  const found = await findDone(core, record, await readAgreedHead(chain, signal));
  if (found) return found;
  const call = await callOf(core, record);
  // Of what the one relay says to this nothing is believed: it is a hint that there is something to be seen.
  const cause = await submit(chain, call, { signal, timeout }).then(
    () => undefined,
    (error: unknown) => error,
  );
  throwIfAborted(signal);
  for (let turn = 0; turn < turns; turn++) {
    if (turn > 0) await pauseFor(signal, pause);
    const head = await readAgreedHead(chain, signal);
    // As of one block: what is refused there and not done by then was not done by this.
    const done = await findDone(core, record, head);
    if (done) return done;
    const refusal = await readRefusal(chain, call, head.number, signal);
    if (refusal) throw new SkrumbleError(refusal, { cause });
  }
  throw new SkrumbleError("ESCROW_UNDER_WAY", { cause });
}

/** What has to be submitted for an act; money that belongs to it is brought before. */
async function callOf(core: Core, record: ActInHand): Promise<EscrowCall> {
  const { act, escrow, money, wallet, signature, deadline, step } = record;
  if (act.do === "fund") {
    await bringMoney(core, record, act);
    return fundCall(escrow, act);
  }
  if ((await readAgreedHead(core.chain, core.signal)).timestamp > deadline)
    throw new SkrumbleError("ESCROW_NOT_IN_TIME");
  if (act.do === "settle") return settleCall(escrow, act.index);
  const action = escrowActionOf(act, money.token);
  if (!action || !signature) throw new SkrumbleError("ESCROW_MOVED_ON");
  return actionCall(escrow, action, { signer: wallet, step: BigInt(step), deadline: BigInt(deadline), signature });
}

/** The transaction that did it, as two operators say: this act's own, signed for this step. Blocks that only one knows wait. */
async function findDone(
  { chain, signal }: Core,
  { escrow, money, act, wallet, from, step }: ActInHand,
  { number: head }: BlockHead,
): Promise<Hex | undefined> {
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

async function tell(core: Core, record: ActInHand, transaction: Hex): Promise<HistoryMessage | undefined> {
  const { id, act, escrow } = record;
  // Its conversation may have come to this device since.
  const told = record.told ?? (await (record.of ? placeOfConcluded(core, record.of) : placeOfEscrow(core, escrow)));
  if (!told) {
    // What it says is known nowhere else.
    if (!("text" in act)) await dropAct(core.vault, record);
    return undefined;
  }
  record.told = told;
  const { conversationId, agreement } = told;
  const step = { did: "acted", of: agreement, act, transaction } as const;
  try {
    const before = await core.threads.message(conversationId, id);
    // What the person has let go of meanwhile is told nowhere.
    if (!before && !(await readAct(core.vault, id))) return undefined;
    const said = before ?? (await sendContent(core, conversationId, { kind: "agreement", step }, id));
    await dropAct(core.vault, record);
    return said;
  } catch (error) {
    if (core.signal.aborted) throw error;
    const untaken = isUntellable(error);
    if (untaken !== (record.untaken === true)) await noteTaken(core, record, untaken);
    if (!untaken) throw error;
    return undefined;
  }
}

/** People are told what no conversation takes, and not what only waits for a relay. */
async function noteTaken({ vault }: Core, record: ActInHand, untaken: boolean): Promise<void> {
  if (untaken) record.untaken = true;
  else delete record.untaken;
  // The person may have let go of it meanwhile.
  if (await readAct(vault, record.id)) await keepAct(vault, record);
}
