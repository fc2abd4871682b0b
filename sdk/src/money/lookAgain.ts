import { readFinal } from "../chain/actions/readFinal.ts";
import { readMined } from "../chain/actions/readSent.ts";
import type { AnyChain } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import { readMessage } from "../conversation/history/page.ts";
import { isUntellable } from "../conversation/send/isUntellable.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { findSent, type SentSearch } from "./findSent.ts";
import { inHand, keepInHand, letGo, type PaymentInHand, readInHand, signedFor } from "./inHand.ts";
import { namedElsewhere } from "./namedElsewhere.ts";
import { readReceipt } from "./receipt.ts";
import { numberOf, say } from "./say.ts";
import { isNothingWaiting, isPastSending, isStillKnown } from "./stillSent.ts";
import { settleUntold } from "./untold.ts";

/**
 * `told`: it was sent, and stands in the conversation. `untold`: it was made, and its conversation takes no word of it. `gone`: it was not
 * made, and will not be. `open`: nobody can say, so it must not be asked for a second time unawares.
 */
export type Fate = "told" | "untold" | "gone" | "open";

/**
 * One look for what a wallet was asked to send. One at a time: it is told of once.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, and what telling throws
 */
export const lookAgain = (core: Core, { id, conversationId }: PaymentInHand): Promise<Fate> =>
  core.serial.run(`payment ${id}`, async () => {
    // Whoever looked before may have told of it, or given it up: nothing is done for what is no longer there.
    const record = await readInHand(core, id);
    if (!record) return (await readMessage(core.vault, conversationId, id)) === undefined ? "gone" : "told";
    // The program no longer names its chain: nobody can be asked.
    const on = core.payments.assets.chains.find(record.content.asset.chainId);
    if (!on || inHand(core).prompts.has(id)) return "open";
    // Asked first: what the first block after a halt holds is looked through afterwards.
    const over =
      record.transaction === undefined && (await isOver(core, on, record)) && !(await isWaiting(core, on, record));
    const search: SentSearch =
      record.transaction === undefined
        ? await findSent(core, record)
        : { state: "found", transaction: record.transaction };
    if (search.state === "found") return conclude(core, asFound(record, search.transaction));
    if (search.state === "unsure" || !over) return "open";
    await letGo(core, record);
    return "gone";
  });

/** What the wallet signed last need not be what was mined: that says its own number. */
function asFound({ accountNonce, ...record }: PaymentInHand, transaction: Hex): PaymentInHand {
  const isTold = record.transaction !== undefined && accountNonce !== undefined;
  return { ...record, transaction, ...(isTold ? { accountNonce } : {}) };
}

/** Tells of what was sent; where that is not possible, the chain alone says what became of it. */
async function conclude(core: Core, record: PaymentInHand): Promise<Fate> {
  const found = { ...record, ...(await numberOf(core, record)) };
  await keepInHand(core, found);
  try {
    await say(core, found);
  } catch (error) {
    if (core.signal.aborted || !isUntellable(error)) throw error;
    return settleUntold(core, found);
  }
  await letGo(core, found);
  return "told";
}

/** By this device's clock and the chain's; and nothing that the wallet sent waits to be mined. */
async function isOver(core: Core, on: AnyChain, { content: { until, wallet }, next }: PaymentInHand): Promise<boolean> {
  if (!(await isPastSending(core, on, until))) return false;
  return on.further ? isTaken(on, wallet, next, core.signal) : isNothingWaiting(core, on, { wallet, until });
}

/** Behind a number that is missing it is counted nowhere, and is mined once that one is there. */
async function isWaiting(core: Core, on: AnyChain, record: PaymentInHand): Promise<boolean> {
  const { until } = record.content;
  for (const hash of signedFor(record)) {
    if (!(await isStillKnown(core, on, { hash, until }))) continue;
    const receipt = await readReceipt(on, hash, core.signal);
    // It has come to its end where it failed, or counts for another message. Else it was made: the search finds it, now or next time.
    if (!receipt || (receipt.status === "0x1" && !(await namedElsewhere(core, record)).has(hash))) return true;
  }
  return false;
}

/** Where gas is bid for, nodes drop what a wallet keeps and sends again: it is over once something final has its number. */
async function isTaken(on: AnyChain, wallet: Address, next: number | undefined, signal: AbortSignal): Promise<boolean> {
  const final = await readFinal(on, signal);
  const mined = await readMined(on, wallet, final ? Number(final.number) : "latest", signal);
  return next !== undefined && mined !== undefined && mined > next;
}
