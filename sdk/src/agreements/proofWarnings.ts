import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Chain } from "../chain/chain.ts";
import { needed, onePerOperator } from "../chain/quorum.ts";
import { findLookAlike } from "../contacts/lookAlike.ts";
import type { AgreementView, PendingAct } from "../types/agreed.ts";
import type { AgreementDraft, AgreementParty, ProofWarning } from "../types/agreements.ts";
import type { EscrowView } from "./readEscrow.ts";

/**
 * What the chain lets doubt of a draft that it has confirmed: who answers, and who the people in it are now.
 * @throws what reads throw
 */
export async function findWarnings(chain: Chain, draft: AgreementDraft, signal?: AbortSignal): Promise<ProofWarning[]> {
  const { parties, arbiter } = draft;
  const people = peopleOf(draft);
  const read = ({ publicId }: AgreementParty) => readIdentity(chain, { publicId }, { quorum: true, signal });
  const found = await Promise.all(people.map(read));
  const owners = found.map((one) => one?.owner.toLowerCase());
  const isStranger = ({ pseudonym, wallet }: AgreementParty, index: number) =>
    found[index] === undefined || found[index].revoked || found[index].name !== pseudonym || owners[index] !== wallet;
  const judge = arbiter && owners.at(-1);
  // Different when it was signed, and one person by now: whoever owns the wallet of an identity decides with it.
  const both = judge ? parties.find(({ wallet }, index) => wallet === judge || owners[index] === judge) : undefined;
  return [
    ...aloneIn(chain),
    ...people.filter(isStranger).map((party) => ({ kind: "stranger", party }) as const),
    ...(both ? [{ kind: "arbiter-is-party", party: both } as const] : []),
    ...alikeIn(people),
  ];
}

/** The part of {@link findWarnings} for which nobody is asked, where the rest of it cannot be read. */
export const warningsUnasked = (chain: Chain, draft: AgreementDraft): ProofWarning[] => [
  ...aloneIn(chain),
  { kind: "people-not-checked" },
  ...alikeIn(peopleOf(draft)),
];

const peopleOf = ({ parties, arbiter }: AgreementDraft): readonly AgreementParty[] =>
  arbiter ? [...parties, arbiter] : parties;

const aloneIn = ({ rpc }: Chain): ProofWarning[] =>
  onePerOperator(rpc).length < needed ? [{ kind: "one-operator" }] : [];

const alikeIn = (people: readonly AgreementParty[]): ProofWarning[] =>
  people.flatMap(({ publicId, pseudonym }, index): ProofWarning[] => {
    const other = findLookAlike({ publicId, pseudonym }, people.slice(0, index));
    return other ? [{ kind: "look-alike", publicId, pseudonym, other: other.pseudonym }] : [];
  });

/** Milestones, by their place, for which nothing was paid in: as far as this device knows nothing will be, or something may. */
export function unfundedIn(escrow: EscrowView | undefined, pending: readonly PendingAct[]): ProofWarning[] {
  const open = escrow?.milestones.flatMap(({ state }, index) => (state === "unfunded" ? [index] : [])) ?? [];
  const mayCome = (index: number) =>
    pending.some(
      ({ act, at }) => act.do === "fund" && at === "chain" && index >= act.first && index < act.first + act.count,
    );
  const [coming, missing] = [open.filter(mayCome), open.filter((index) => !mayCome(index))];
  return [
    ...(missing.length > 0 ? [{ kind: "unfunded", milestones: missing } as const] : []),
    ...(coming.length > 0 ? [{ kind: "may-come", milestones: coming } as const] : []),
  ];
}

/** What whoever gets a proof or a print of an agreement should know, as the view has it. Nothing is asked. */
export function warningsOf(view: AgreementView): ProofWarning[] {
  const { version, signatures, lookAlikes, unlisted, unsure, concluded, escrow } = view;
  const missing = signatures.filter(({ state }) => state !== "signed").map(({ party }) => party);
  return [
    ...(unsure ? [{ kind: "chain-not-asked" } as const] : []),
    ...(missing.length > 0 && !concluded ? [{ kind: "unsigned", parties: missing } as const] : []),
    ...lookAlikes.map((one) => ({ kind: "look-alike", ...one }) as const),
    ...(unlisted && version.draft.money ? [{ kind: "unlisted-token" } as const] : []),
    ...unfundedIn(escrow, view.pending),
  ];
}
