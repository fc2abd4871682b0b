import type { Core } from "../client/core.ts";
import type { StoredPayment } from "../conversation/content/money.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import { randomBytes, toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { type Assigned, assignNonce } from "./assignNonce.ts";
import { isElsewhere } from "./elsewhere.ts";
import { allInHand, inHand, keepInHand, type PaymentInHand, type Prompt, readInHand } from "./inHand.ts";
import { type Fate, lookAgain } from "./lookAgain.ts";
import { notice } from "./untold.ts";

/** A payment that is written down, and whose wallet may be asked now. */
export interface Reserved extends Assigned {
  prompt: Prompt;
}

/**
 * Writes a payment down before the wallet is asked. While the wallet may have agreed to the same one before, it is refused, unless
 * the person says that this one is to take its place.
 * @param replace the person knows of the earlier one
 * @throws SkrumbleError PAYMENT_MADE, PAYMENT_UNSURE, PAYMENT_ELSEWHERE, CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export function reserve(
  core: Core,
  record: PaymentInHand,
  { bySignature, replace }: { bySignature: boolean; replace: boolean },
): Promise<Reserved> {
  // One after the other: the second must know of the first. No wallet is asked in here.
  return core.serial.run("pay", async () => {
    const open = await openLike(core, record);
    const doubted = await toldInDoubt(core, record);
    if (!replace && (open.length > 0 || doubted)) throw new SkrumbleError("PAYMENT_UNSURE");
    if (!replace && !bySignature && (await isElsewhere(core, record))) throw new SkrumbleError("PAYMENT_ELSEWHERE");
    const reserved = bySignature
      ? { record: { ...record, nonce: toHex(randomBytes(32)) as Hex } }
      : await assignNonce(core, record, { open, doubted });
    const { prompts } = inHand(core);
    const given = open.map(({ id }) => prompts.get(id)).filter((one) => one !== undefined);
    // Meanwhile the wallet may have agreed.
    if (given.some(({ answered }) => answered)) throw new SkrumbleError("PAYMENT_MADE");
    for (const { givenUp } of given) givenUp.abort();
    const prompt = { givenUp: new AbortController(), answered: false };
    prompts.set(reserved.record.id, prompt);
    inHand(core).searched.delete(reserved.record.id);
    await keepInHand(core, reserved.record);
    return { ...reserved, prompt };
  });
}

/** Those for the same that the wallet may have agreed to without anybody having heard of it. @throws SkrumbleError PAYMENT_MADE */
async function openLike(core: Core, record: PaymentInHand): Promise<PaymentInHand[]> {
  const open: PaymentInHand[] = [];
  for (const earlier of await allInHand(core)) {
    const prompt = inHand(core).prompts.get(earlier.id);
    // What is signed and told of stands in the conversation: who pays the same again means it.
    if (!isSame(earlier, record) || (earlier.signature !== undefined && !prompt)) continue;
    const fate = prompt ? (prompt.answered ? "told" : "open") : await fateOf(core, earlier);
    if (fate === "told" || (fate === "untold" && !(await notice(core, earlier.id))))
      throw new SkrumbleError("PAYMENT_MADE");
    // As the look has left it: it may know the number now.
    if (fate === "open") open.push((await readInHand(core, earlier.id)) ?? earlier);
  }
  return open;
}

/** Where nobody can look, nobody can say. */
async function fateOf(core: Core, earlier: PaymentInHand): Promise<Fate> {
  try {
    return await lookAgain(core, earlier);
  } catch (error) {
    if (core.signal.aborted || !(error instanceof SkrumbleError)) throw error;
    return "open";
  }
}

/** The last one for the same, in whichever conversation, where that is in doubt although it was told of. */
async function toldInDoubt({ vault, self }: Core, record: PaymentInHand): Promise<StoredPayment | undefined> {
  const alike = (await paymentRows(vault)).filter(
    ({ from, body }) => from === self.identity.publicId && isSame({ content: body, recipient: body.recipient }, record),
  );
  const last = alike.toSorted((a, b) => a.at - b.at).at(-1)?.body;
  return last?.state === "unsure" ? last : undefined;
}

const isSame = (
  earlier: { content: Pick<StoredPayment, "to" | "asset" | "amount">; recipient: Hex | undefined },
  { content, recipient }: PaymentInHand,
): boolean =>
  (earlier.content.to === content.to || earlier.recipient === recipient) &&
  earlier.content.asset.chainId === content.asset.chainId &&
  earlier.content.asset.token === content.asset.token &&
  earlier.content.amount === content.amount;
