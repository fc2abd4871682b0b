import type { Core } from "../client/core.ts";
import type { UntoldPayment } from "../types/money.ts";
import type { MessageId } from "../types/primitives.ts";
import { allInHand, inHand, keepInHand, type PaymentInHand, readInHand } from "./inHand.ts";
import { verifyPayment } from "./verify.ts";

/** Payments of which no conversation tells: nobody knows yet whether they were made, or the conversation is gone. */

/** Once in so long for one payment. */
const searchPause = 60_000;

/**
 * What became of one that was sent and cannot be told of, as the chain shows it. `untold`: it was made, and is kept for the history.
 * `gone`: nothing was paid. `open`: it is not final yet, or cannot be told.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED
 */
export async function settleUntold(core: Core, record: PaymentInHand): Promise<"untold" | "gone" | "open"> {
  const { content, transaction, accountNonce, at } = record;
  const claim = { ...content, transaction, accountNonce, from: core.self.identity.publicId, at };
  const on = core.payments.assets.chains.of(content.asset);
  const settled =
    record.settled ?? (await verifyPayment(core.chain, claim, core.signal, on, () => maySearch(core, record)));
  if (settled.state === "unsure") await keepInHand(core, { ...record, unsure: true });
  if (settled.state === "open" || settled.state === "unsure") return "open";
  await keepInHand(core, { ...record, settled });
  return settled.state === "failed" ? "gone" : "untold";
}

/** A search costs some 70 requests. */
function maySearch(core: Core, { id }: PaymentInHand): boolean {
  const { sought } = inHand(core);
  const now = core.now();
  if (now - (sought.get(id) ?? Number.NEGATIVE_INFINITY) < searchPause) return false;
  sought.set(id, now);
  return true;
}

/** Notes that the person knows of it. @returns whether they did before */
export const notice = (core: Core, id: MessageId): Promise<boolean> =>
  core.serial.run(`payment ${id}`, async () => {
    const record = await readInHand(core, id);
    if (!record || record.noticed) return true;
    await keepInHand(core, { ...record, noticed: true });
    return false;
  });

/** Newest first. */
export async function untoldPayments(core: Core): Promise<UntoldPayment[]> {
  const all = (await allInHand(core)).filter(
    // A signature is told of before anybody gets it, or thrown away.
    ({ nonce, settled, told }) => settled !== undefined || (nonce === undefined && !told),
  );
  return all.sort((a, b) => b.at - a.at).map((record) => shown(core, record));
}

function shown(core: Core, record: PaymentInHand): UntoldPayment {
  const { id, conversationId, at, content, settled, transaction } = record;
  const { to, asset, amount, note } = content;
  const hash = settled && "transaction" in settled ? settled.transaction : transaction;
  return {
    ...{ id, conversationId, at, to, asset, amount: BigInt(amount), state: stateOf(core, record) },
    ...(note ? { note } : {}),
    ...(hash ? { transaction: hash } : {}),
    ...(settled?.state === "failed" ? { code: settled.code } : {}),
    ...(settled?.state === "differs" ? { moved: BigInt(settled.moved.amount) } : {}),
  };
}

function stateOf(core: Core, { id, settled, transaction, unsure }: PaymentInHand): UntoldPayment["state"] {
  if (settled) return settled.state;
  if (inHand(core).prompts.has(id)) return "asked";
  return transaction === undefined || unsure ? "unsure" : "sent";
}
