import type { Core } from "../../client/core.ts";
import { shownAct } from "../../conversation/content/agreement.ts";
import { readReceipt, readTransaction } from "../../money/receipt.ts";
import type { AgreementEvent, AgreementVersion, OpenConsent, Told } from "../../types/agreed.ts";
import type { Address, ConversationId, Millis } from "../../types/primitives.ts";
import type { EscrowView } from "../readEscrow.ts";
import { type ActTerms, actorOf, termsInCall } from "./acts.ts";
import type { Said, SaidAct } from "./said.ts";

/** An act that somebody told of, and what its transaction says when that is it. */
export interface CheckedAct {
  said: SaidAct;
  state: Told;
  terms?: ActTerms;
}

/** What was found out about messages does not change: for as long as a client is open. */
const checked = new WeakMap<Core, Map<string, ActTerms | "false">>();
/** Relays may lag behind the one that whoever tells of it has asked. */
export const lag = 60_000;

export const unchecked = (said: Said): CheckedAct[] => said.acts.map((act) => ({ said: act, state: "open" }));

/**
 * Which of the acts are on chain as told, two operators agreeing. A transaction is one act, and counts for whoever told of it first.
 * @throws SkrumbleError of the network
 */
export async function checkActs(
  core: Core,
  conversationId: ConversationId,
  said: Said,
  { draft, escrow }: { draft: AgreementVersion["draft"]; escrow: Address | undefined },
): Promise<CheckedAct[]> {
  const found = await Promise.all(said.acts.map((act) => checkAct(core, conversationId, act, { draft, escrow })));
  const counted = new Set<string>();
  return found.map((one) => {
    if (one.state !== "true") return one;
    if (counted.has(one.said.transaction)) return { said: one.said, state: "false" };
    counted.add(one.said.transaction);
    return one;
  });
}

async function checkAct(
  core: Core,
  conversationId: ConversationId,
  said: SaidAct,
  { draft, escrow }: { draft: AgreementVersion["draft"]; escrow: Address | undefined },
): Promise<CheckedAct> {
  const { chain, signal } = core;
  const { act, transaction, from, message, at } = said;
  const wallet = actorOf(draft, from, act.do);
  const token = draft.money?.asset.token;
  if (!wallet || !token) return { said, state: "false" };
  if (!escrow) return { said, state: core.now() - at < lag ? "open" : "false" };
  const known = checked.get(core) ?? new Map<string, ActTerms | "false">();
  checked.set(core, known);
  const key = `${conversationId} ${message}`;
  const before = known.get(key);
  if (before === "false") return { said, state: before };
  if (before) return { said, state: "true", terms: before };
  const receipt = await readReceipt(chain, transaction, signal);
  const call = receipt && (await readTransaction(chain, transaction, signal));
  // It is said after it happened. Where two know of none it is not so; should it come all the same, it is looked at again.
  if (!call) return { said, state: Math.abs(core.now() - at) < lag ? "open" : "false" };
  const terms = receipt.status === "0x1" ? termsInCall(call, { escrow, act, wallet, token }) : undefined;
  known.set(key, terms ?? "false");
  return terms ? { said, state: "true", terms } : { said, state: "false" };
}

export const shownEvent = ({ said: { act, ...rest }, state }: CheckedAct): AgreementEvent => ({
  ...rest,
  act: shownAct(act),
  state,
});

/** What one side has agreed to and the other could: it holds for the state it was meant for. Of equal ones the longest. */
export function openConsents(acts: readonly CheckedAct[], escrow: EscrowView, now: Millis): OpenConsent[] {
  const open = new Map<string, OpenConsent>();
  for (const { said, terms } of acts) {
    const act = shownAct(said.act);
    if (!terms || (act.do !== "extend" && act.do !== "cancel")) continue;
    const step = act.do === "cancel" ? escrow.step : escrow.milestones[act.index]?.step;
    const until = Number(terms.deadline) * 1000;
    const value = act.do === "cancel" ? `${act.toPayee}` : `${act.index} ${act.due}`;
    const key = `${said.from} ${act.do} ${value}`;
    if (step !== terms.step || until < now || (open.get(key)?.until ?? 0) > until) continue;
    open.set(key, { message: said.message, from: said.from, act, until });
  }
  return [...open.values()];
}
