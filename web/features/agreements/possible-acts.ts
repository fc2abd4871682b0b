import { type AgreementDraft, templateOf } from "@skrumble/sdk/agreements";
import type { AgreementView, MilestoneAct, OpenConsent, PendingAct } from "../../lib/types.ts";

/** What this person can do with one milestone now; the first is what they most likely came for. */
export function actsFor(view: AgreementView, index: number, now: number): MilestoneAct["do"][] {
  const { escrow, role, version } = view;
  const milestone = escrow?.milestones[index];
  if (!escrow || !milestone || role === undefined || milestone.state === "settled") return [];
  if (pendingOn(view, index)) return [];
  const { draft } = version;
  const template = templateOf(draft);
  const [payer, payee] = template.roles.map(({ id }) => id);
  const { state, due, timeout } = milestone;
  // Where silence leads to nothing, the chain goes on taking what should have come before.
  const over = timeout !== undefined && timeout.outcome !== "wait" && now > timeout.at;
  const held = state !== "unfunded";
  const party = role === payer || role === payee;
  const rules = draft.money?.rules;
  const late = template.kind === "sale" && state === "unfunded" && now > due + (rules?.responseTime ?? 0);
  const can: [boolean, MilestoneAct["do"]][] = [
    // In their order: nobody else chooses what the money pays for.
    [role === payer && state === "unfunded" && index === unpaid(view).first && !isPending(view, "fund"), "fund"],
    [role === payee && template.kind === "work" && (state === "funded" || state === "rejected") && !over, "submit"],
    [role === "arbiter" && state === "disputed" && !over, "rule"],
    [role === payer && held, "accept"],
    [role === payer && state === "submitted" && !over, "reject"],
    [over && held, "settle"],
    [party && held && state !== "disputed" && draft.arbiter !== undefined && !over, "dispute"],
    [party && (state === "unfunded" || state === "funded" || state === "rejected"), "extend"],
    [role === payee && held, "refund"],
    [party && late, "declareDefault"],
  ];
  return can.flatMap(([now, act]) => (now ? [act] : []));
}

/** What this person has set going with one milestone: until it is over nothing else is done with that. */
export const pendingOn = ({ pending }: AgreementView, index: number): PendingAct | undefined =>
  pending.find(({ act }) =>
    act.do === "fund" ? index >= act.first && index < act.first + act.count : "index" in act && act.index === index,
  );

export const isPending = ({ pending }: AgreementView, what: MilestoneAct["do"]): boolean =>
  pending.some(({ act }) => act.do === what);

/** What one side agrees to and the other has not: to another date of one milestone, or to end it all. */
export const consentsOn = ({ consents }: AgreementView, index?: number): OpenConsent[] =>
  consents.filter(({ act }) => (act.do === "cancel" ? index === undefined : act.index === index));

/** From the first milestone that is not paid in, how many in a row are not. */
export function unpaid({ escrow }: AgreementView): { first: number; count: number } {
  const states = escrow?.milestones.map(({ state }) => state) ?? [];
  const first = states.indexOf("unfunded");
  if (first < 0) return { first: 0, count: 0 };
  const rest = states.slice(first).findIndex((state) => state !== "unfunded");
  return { first, count: rest < 0 ? states.length - first : rest };
}

/** What milestones cost, and what of it goes to the payee at once: in a sale all but what is kept of each, as in Escrow.fund. */
export function paidIn(draft: AgreementDraft, first: number, count: number): { paid: bigint; atOnce: bigint } {
  const share = BigInt(draft.money?.rules.retainedShare ?? 0);
  const isSale = templateOf(draft).kind === "sale";
  const amounts = (draft.money?.milestones ?? []).slice(first, first + count).map(({ amount }) => amount);
  const paid = amounts.reduce((sum, amount) => sum + amount, 0n);
  const kept = amounts.reduce((sum, amount) => sum + (amount * share) / 10_000n, 0n);
  return { paid, atOnce: isSale ? paid - kept : 0n };
}
