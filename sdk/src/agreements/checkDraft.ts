import { zeroAddress } from "viem";
import type { AgreementDraft, AgreementMoney, AgreementTemplate, SilenceOutcome } from "../types/agreements.ts";

/** Seconds: nothing of an agreement lies further ahead (TermsRules). */
export const longest = 3650 * 86_400;

/**
 * What no schema says: whether a draft fits its template and the rules of the contract (TermsRules), so that nobody signs what
 * cannot be concluded, or a number that has no effect.
 * @returns the field that is wrong
 */
export function checkDraft(draft: AgreementDraft, template: AgreementTemplate): string | undefined {
  const { parties, arbiter, money, values } = draft;
  const people = arbiter ? [...parties, arbiter] : parties;
  if (new Set(people.map(({ wallet }) => wallet)).size < people.length) return "parties";
  if (new Set(people.map(({ publicId }) => publicId)).size < people.length) return "parties";
  if (arbiter && arbiter.role !== "arbiter") return "arbiter.role";
  const roles = template.roles.map(({ id }) => id);
  if (template.kind === "plain") {
    if (parties.some(({ role }) => role !== roles[0])) return "parties";
    if (money) return "money";
    if (arbiter) return "arbiter";
  } else {
    // Payer first, payee second: the terms are read off in this order.
    if (parties.length !== roles.length || parties.some(({ role }, index) => role !== roles[index])) return "parties";
    if (!money) return "money";
  }
  for (const { id, optional, options } of template.fields) {
    const value = values[id];
    if (value === undefined && !optional) return `values.${id}`;
    if (value !== undefined && options && !options.some((option) => option.id === value)) return `values.${id}`;
  }
  return money && checkMoney(draft, money, template.kind === "work");
}

function checkMoney({ arbiter, signBy, chainId }: AgreementDraft, money: AgreementMoney, work: boolean) {
  const { asset, milestones, rules } = money;
  if (asset.chainId !== chainId) return "money.asset.chainId";
  if (asset.token === zeroAddress && asset.decimals !== 18) return "money.asset.decimals";
  if (milestones.reduce((sum, { amount }) => sum + amount, 0n) >= 2n ** 128n) return "money.milestones";
  // Concluding is refused when a due date has passed.
  const early = milestones.findIndex(({ due }) => due <= signBy);
  if (early >= 0) return `money.milestones.${early}.due`;
  const far = milestones.findIndex(({ due }) => due > signBy + longest);
  if (far >= 0) return `money.milestones.${far}.due`;
  const chosen = (["onNoSubmission", "onNoReview", "onRejection"] as const).map((name) => [name, rules[name]] as const);
  for (const [name, outcome] of chosen) {
    if ((outcome === undefined) === work) return `money.rules.${name}`;
    if (needsArbiter(outcome) && !arbiter) return `money.rules.${name}`;
  }
  if ((rules.rulingTime === undefined) === (arbiter !== undefined)) return "money.rules.rulingTime";
  if ((rules.retainedShare === undefined) !== work) return "money.rules.retainedShare";
  const sharing = !work || arbiter !== undefined || chosen.some(([, outcome]) => outcome === "split");
  return rules.fallbackShare !== 0 && !sharing ? "money.rules.fallbackShare" : undefined;
}

const needsArbiter = (outcome: SilenceOutcome | undefined): boolean => outcome === "wait" || outcome === "arbiter";
