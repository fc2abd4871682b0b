import { SkrumbleError } from "../errors/index.ts";
import type {
  AgreementDraft,
  AgreementMoney,
  AgreementParty,
  AgreementRules,
  DraftChange,
} from "../types/agreements.ts";

/**
 * What somebody changed: for the other side to see before they sign. Other parties, another template or chain are no change:
 * that is another agreement.
 * @param before @param after as {@link parseDraft} gives them
 * @throws SkrumbleError AGREEMENT_INVALID (another agreement; details name what differs)
 */
export function compareDrafts(before: AgreementDraft, after: AgreementDraft): DraftChange[] {
  for (const same of ["template", "version", "chainId", "parties"] as const) {
    if (JSON.stringify(before[same]) !== JSON.stringify(after[same])) {
      throw new SkrumbleError("AGREEMENT_INVALID", { details: same });
    }
  }
  const changes: DraftChange[] = [];
  const add = (what: "asset" | "signBy" | "arbiter" | "language", old: string, now: string) => {
    if (old !== now) changes.push({ what, before: old, after: now });
  };
  add("language", before.language, after.language);
  for (const field of union(before.values, after.values)) {
    const [old = "", now = ""] = [before.values[field], after.values[field]];
    if (old !== now) changes.push({ what: "value", field, before: old, after: now });
  }
  add("arbiter", partyText(before.arbiter), partyText(after.arbiter));
  add("asset", assetText(before.money), assetText(after.money));
  changes.push(...milestoneChanges(before, after), ...ruleChanges(before.money?.rules, after.money?.rules));
  add("signBy", `${before.signBy}`, `${after.signBy}`);
  return changes;
}

const partyText = (party: AgreementParty | undefined): string =>
  party ? `${party.pseudonym} ${party.wallet} ${party.publicId}` : "";

/** Decimals, too: with others the same number of units reads as another amount. */
const assetText = (money: AgreementMoney | undefined): string =>
  money ? `${money.asset.symbol} ${money.asset.token} ${money.asset.decimals}` : "";

const union = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

function milestoneChanges(before: AgreementDraft, after: AgreementDraft): DraftChange[] {
  const [old, now] = [before.money?.milestones ?? [], after.money?.milestones ?? []];
  return Array.from({ length: Math.max(old.length, now.length) }, (_, index) => index).flatMap((index) => {
    const [was, is] = [old[index], now[index]];
    if (was && is && was.title === is.title && was.amount === is.amount && was.due === is.due) return [];
    return [{ what: "milestone", index, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) } as const];
  });
}

function ruleChanges(before: AgreementRules | undefined, after: AgreementRules | undefined): DraftChange[] {
  return union(before ?? {}, after ?? {}).flatMap((name) => {
    const rule = name as keyof AgreementRules;
    const [was, is] = [before?.[rule], after?.[rule]];
    if (was === is) return [];
    return [
      {
        what: "rule",
        rule,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      } as const,
    ];
  });
}
