import type { Address, Hex, WalletSigner } from "@skrumble/sdk";
import { actOnEscrow, type EscrowView, readSubmissions } from "@skrumble/sdk/agreements";
import type { Chain } from "@skrumble/sdk/chain";
import { codeOf, isUnsure } from "./errors.ts";
import { type Keeper, keepWords, putText, readText, wordsOf } from "./kept.ts";
import { maxWords, sealed, wordsIn } from "./sealed.ts";

/** The wallet's word holds so long. */
const holdsSeconds = 3600;
const inAnHour = () => Math.floor(Date.now() / 1000) + holdsSeconds;

interface Sealed {
  text: string;
  hash: Hex;
}

/**
 * Words whose hash was signed for a milestone. They are said in the conversation once the chain has a hash, and are kept until then:
 * a page may close between the two.
 */
interface Pending {
  verb: "submit" | "reject";
  /** Of the milestone when it was signed. */
  step: string;
  /** More than one where other words were signed while it was in doubt: the chain has the hash of one of them. */
  said: Sealed[];
  /** Unix seconds: the chain takes it until then. */
  until: number;
}

/** So many different words for the same step. */
const mostSaid = 4;

const nameOf = (escrow: Address, index: number) => `marketplace/act ${escrow.toLowerCase()} ${index}`;

/** Where the words are kept by which somebody asks for changes, see `useDraft`. */
export const reasonOf = (escrow: Address, index: number): string => `reason ${escrow.toLowerCase()} ${index}`;

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
  const { verb, step, said, until } = (kept ?? {}) as Partial<Record<keyof Pending, unknown>>;
  const isNumbered = typeof step === "string" && /^[0-9]{1,20}$/.test(step) && Number.isSafeInteger(until);
  const isSaid = Array.isArray(said) && said.length > 0 && said.length <= mostSaid && said.every(isSealed);
  return (verb === "submit" || verb === "reject") && isNumbered && isSaid;
}

function isSealed(kept: unknown): kept is Sealed {
  const { text, hash } = (kept ?? {}) as Partial<Record<keyof Sealed, unknown>>;
  const isText = typeof text === "string" && text.length <= 2 * maxWords;
  return isText && typeof hash === "string" && /^0x[0-9a-f]{64}$/.test(hash);
}

const keepPending = (client: Keeper, name: string, pending: Pending): Promise<void> =>
  pending.said.length > 0 ? putText(client, name, JSON.stringify(pending)) : client.kept.remove(name);

export type Say = (text: string) => Promise<void>;

/** By hash, what is being said, or was, by this page: nothing is said twice. */
const saying = new Map<Hex, Promise<void>>();

function sayOnce({ text, hash }: Sealed, say: Say): Promise<void> {
  const before = saying.get(hash);
  if (before) return before;
  const now = say(text).catch((error) => {
    saying.delete(hash);
    throw error;
  });
  saying.set(hash, now);
  return now;
}

/** Something else may have been signed here meanwhile: that stays. */
async function forget(
  client: Keeper,
  { address, index }: { address: Address; index: number },
  { step, verb }: Pick<Pending, "step" | "verb">,
): Promise<void> {
  const kept = await pendingAt(client, address, index);
  if (kept?.step === step && kept.verb === verb) await client.kept.remove(nameOf(address, index));
}

/** Says it, and forgets it when that is done. Without a conversation it is kept until there is one. */
async function deliver(
  client: Keeper,
  { address, index }: { address: Address; index: number },
  { said, step, verb }: Pending,
  say: Say | undefined,
): Promise<void> {
  if (!say) return;
  for (const one of said) await sayOnce(one, say);
  await forget(client, { address, index }, { step, verb });
  const typed = (await wordsOf(client, reasonOf(address, index)))?.trim();
  if (typed && said.some(({ text }) => wordsIn(text).endsWith(typed))) {
    await keepWords(client, reasonOf(address, index), "");
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
 * @param signs notices the signature, see `follow`
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
  const kept = await pendingAt(client, escrow.address, index);
  const before = kept?.verb === verb && kept.step === step ? kept.said : [];
  const known = before.find(({ text }) => wordsIn(text) === words);
  const one = known ?? (await sealed(words));
  const until = inAnHour();
  const pending: Pending = { verb, step, until, said: known ? before : [...before.slice(1 - mostSaid), one] };
  const wallet = await signs(() => keepPending(client, name, pending));
  const action =
    verb === "submit"
      ? ({ do: verb, index, evidence: one.hash } as const)
      : ({ do: verb, index, reason: one.hash } as const);
  try {
    await actOnEscrow(chain, escrow.address, action, { wallet, seen: milestone.step, deadline: BigInt(until) });
  } catch (error) {
    const code = codeOf(error);
    // What moved it on may be this very signature, by the hand of a relay: the chain says which, see `finishPending`. Otherwise this one
    // will not arrive; one before it may have.
    if (!isUnsure(code) && code !== "ESCROW_MOVED_ON" && !known)
      await keepPending(client, name, { ...pending, said: before });
    throw error;
  }
  // Only these words are on the chain, whatever was in doubt before.
  const arrived = { ...pending, said: [one] };
  await keepPending(client, name, arrived);
  await deliver(client, { address: escrow.address, index }, arrived, say);
}

/**
 * What of an earlier visit is still to be told, or not on the chain yet. What has arrived is said now; what cannot arrive any more,
 * because the milestone has moved on without it, is forgotten.
 * @returns by milestone: `unsure` may still arrive, `lost` did not
 */
export async function finishPending(
  { chain, client, say }: { chain: Chain; client: Keeper; say: Say | undefined },
  { address, milestones }: EscrowView,
  signal?: AbortSignal,
): Promise<Map<number, "unsure" | "lost">> {
  const open = new Map<number, "unsure" | "lost">();
  for (const [index, { step, state }] of milestones.entries()) {
    const pending = await pendingAt(client, address, index);
    if (!pending) continue;
    const signedAt = BigInt(pending.step);
    // A relay that is behind shows the step before; only this side hands in, or asks for changes, at its step.
    const isThere = step === signedAt + 1n && state === (pending.verb === "submit" ? "submitted" : "rejected");
    const goneOn = step > signedAt + 1n;
    // It may have been there, and gone on since. A reason does no harm when it comes late.
    if (isThere || (goneOn && pending.verb === "reject")) await deliver(client, { address, index }, pending, say);
    // What was handed in has to have been: without a conversation that can wait.
    else if (goneOn && !say) continue;
    else if (goneOn) {
      const said = await arrivedOf(chain, address, index, pending, signal);
      if (said) await deliver(client, { address, index }, { ...pending, said }, say);
    } else if (step > signedAt) await forget(client, { address, index }, pending);
    else open.set(index, pending.until * 1000 > Date.now() ? "unsure" : "lost");
  }
  return open;
}

/** When what was handed in there could not be read, or was not there yet: that takes many questions. In milliseconds. */
const restingSince = new Map<string, number>();
const rest = 60_000;

/** Which of the words were handed in before the milestone moved on; undefined while nobody can say. */
async function arrivedOf(
  chain: Chain,
  address: Address,
  index: number,
  { said, until }: Pending,
  signal: AbortSignal | undefined,
): Promise<Pending["said"] | undefined> {
  const place = nameOf(address, index);
  // The clock may have been set back meanwhile.
  if (Math.abs(Date.now() - (restingSince.get(place) ?? 0)) < rest) return undefined;
  try {
    const handed = await readSubmissions(chain, address, index, { until, signal });
    const found = said.filter(({ hash }) => handed.includes(hash));
    // Whoever was asked for events may be behind whoever was asked for the milestone.
    if (found.length > 0 || until * 1000 < Date.now()) return found;
  } catch {
    // The words stay, and the other milestones do not wait for these.
  }
  restingSince.set(place, Date.now());
  return undefined;
}
