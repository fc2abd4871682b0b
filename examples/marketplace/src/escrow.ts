import type { Address, Hex, WalletSigner } from "@skrumble/sdk";
import { actOnEscrow, type EscrowView } from "@skrumble/sdk/agreements";
import type { Chain } from "@skrumble/sdk/chain";
import { codeOf, isUnsure } from "./errors.ts";
import { type Keeper, putText, readText } from "./kept.ts";
import { maxWords, sealed, wordsIn } from "./sealed.ts";

/** The wallet's word holds so long. */
const holdsSeconds = 3600;
const inAnHour = () => Math.floor(Date.now() / 1000) + holdsSeconds;

/**
 * Words whose hash was signed for a milestone. They are said in the conversation once the chain has the hash, and are kept until then:
 * a page may close between the two.
 */
interface Pending {
  verb: "submit" | "reject";
  /** Of the milestone when it was signed. */
  step: string;
  text: string;
  hash: Hex;
  /** Unix seconds: the chain takes it until then. */
  until: number;
}

const nameOf = (escrow: Address, index: number) => `marketplace/act ${escrow.toLowerCase()} ${index}`;

async function pendingAt(client: Keeper, escrow: Address, index: number): Promise<Pending | undefined> {
  const json = await readText(client, nameOf(escrow, index));
  try {
    const kept: unknown = JSON.parse(json ?? "null");
    return isPending(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isPending(kept: unknown): kept is Pending {
  const { verb, step, text, hash, until } = (kept ?? {}) as Partial<Record<keyof Pending, unknown>>;
  const isText = typeof text === "string" && text.length <= 2 * maxWords;
  const isNumbered = typeof step === "string" && /^[0-9]{1,20}$/.test(step) && Number.isSafeInteger(until);
  const isHash = typeof hash === "string" && /^0x[0-9a-f]{64}$/.test(hash);
  return (verb === "submit" || verb === "reject") && isText && isNumbered && isHash;
}

export type Say = (text: string) => Promise<void>;

/** Hashes of what is being said, or was, by this page: nothing is said twice. */
const saying = new Set<Hex>();

/** Says it, if there is a conversation, and forgets it then. */
async function deliver(client: Keeper, name: string, { text, hash }: Pending, say: Say | undefined): Promise<void> {
  if (saying.has(hash)) return;
  saying.add(hash);
  try {
    await say?.(text);
    await client.kept.remove(name);
  } catch (error) {
    saying.delete(hash);
    throw error;
  }
}

/** Accepts a milestone as it was shown: all that is left of it. */
export async function accept(chain: Chain, escrow: EscrowView, index: number, wallet: WalletSigner): Promise<void> {
  const milestone = escrow.milestones[index];
  if (!milestone) return;
  const by = { wallet, seen: milestone.step, deadline: BigInt(inAnHour()) };
  await actOnEscrow(chain, escrow.address, { do: "accept", index, amount: milestone.remaining }, by);
}

/**
 * Hands a milestone in, or asks for changes, as it was shown. First the chain has the hash, then the other side reads the words. The same
 * once more, after nobody could say whether it arrived, has the same hash: whichever of the two gets there, these are its words.
 * @param signs notices the signature, see `useAct`
 */
export async function actWithWords(
  { chain, client, say }: { chain: Chain; client: Keeper; say: Say | undefined },
  escrow: EscrowView,
  { verb, index, words }: { verb: Pending["verb"]; index: number; words: string },
  signs: (kept: () => Promise<void>) => Promise<WalletSigner>,
): Promise<void> {
  const milestone = escrow.milestones[index];
  if (!milestone) return;
  const name = nameOf(escrow.address, index);
  const step = String(milestone.step);
  const before = await pendingAt(client, escrow.address, index);
  const isSame = before?.verb === verb && before.step === step && wordsIn(before.text) === words;
  const until = inAnHour();
  const pending: Pending = { ...(isSame ? before : await sealed(words)), verb, step, until };
  const wallet = await signs(() => putText(client, name, JSON.stringify(pending)));
  const { hash } = pending;
  const action =
    verb === "submit" ? ({ do: verb, index, evidence: hash } as const) : ({ do: verb, index, reason: hash } as const);
  try {
    await actOnEscrow(chain, escrow.address, action, { wallet, seen: milestone.step, deadline: BigInt(until) });
  } catch (error) {
    if (!isUnsure(codeOf(error)) && !isSame) await client.kept.remove(name);
    throw error;
  }
  await deliver(client, name, pending, say);
}

/**
 * What of an earlier visit is still to be told, or not on the chain yet. What has arrived is said now; what cannot arrive any more,
 * because the milestone has moved on without it, is forgotten.
 * @returns by milestone: `unsure` may still arrive, `lost` did not
 */
export async function finishPending(
  client: Keeper,
  { address, milestones }: EscrowView,
  say: Say | undefined,
): Promise<Map<number, "unsure" | "lost">> {
  const open = new Map<number, "unsure" | "lost">();
  for (const [index, { step, state }] of milestones.entries()) {
    const pending = await pendingAt(client, address, index);
    if (!pending) continue;
    const name = nameOf(address, index);
    const signedAt = BigInt(pending.step);
    // A relay that is behind shows the step before; only this side hands in, or asks for changes, at its step.
    const isThere = step === signedAt + 1n && state === (pending.verb === "submit" ? "submitted" : "rejected");
    if (isThere) await deliver(client, name, pending, say);
    else if (step > signedAt) await client.kept.remove(name);
    else open.set(index, pending.until * 1000 > Date.now() ? "unsure" : "lost");
  }
  return open;
}
