import type { Core } from "../../client/core.ts";
import type { StoredAct, StoredStep } from "../../conversation/content/agreement.ts";
import { agreementRows } from "../../conversation/content/agreementIndex.ts";
import { isLater } from "../../conversation/content/stamp.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementVersion } from "../../types/agreed.ts";
import type { AgreementDraft, AgreementParty } from "../../types/agreements.ts";
import type { Address, ConversationId, Hex, MessageId, Millis, PublicId } from "../../types/primitives.ts";
import { compareDrafts } from "../compareDrafts.ts";
import { parseDraft } from "../parseDraft.ts";

/** What the messages of one agreement come to, whatever order they came in. Nothing of it is checked against the chain. */
export interface Said {
  agreement: MessageId;
  /** Oldest first. */
  versions: AgreementVersion[];
  /** Of all that can be signed the last one of the longest chain of changes. */
  newest: AgreementVersion;
  /** Each by the party it says it is of; the signature itself is not looked at. */
  signed: SaidSignature[];
  declined?: { from: PublicId; note?: string | undefined };
  /** Versions of which somebody says that they are on chain. */
  concluded: MessageId[];
  acts: { message: MessageId; from: PublicId; at: Millis; act: StoredAct; transaction: Hex }[];
}

export interface SaidSignature {
  version: AgreementVersion;
  party: AgreementParty;
  wallet: Address;
  signature: Hex;
  at: Millis;
}

type Line<Did extends StoredStep["did"]> = {
  id: MessageId;
  from: PublicId;
  at: Millis;
  step: Extract<StoredStep, { did: Did }>;
};

/** Longer chains of changes are nobody's negotiation. */
const maxChanges = 64;

/** @throws SkrumbleError MESSAGE_UNKNOWN (not here, or not proposed by a party of it) */
export async function readSaid(core: Core, conversationId: ConversationId, agreement: MessageId): Promise<Said> {
  const rows = (await agreementRows(core.vault)).filter(
    (row) => row.conversationId === conversationId && row.agreement === agreement,
  );
  const found = await Promise.all(rows.map(({ message }) => core.threads.message(conversationId, message)));
  const said = foldAgreement(
    agreement,
    found.filter((message) => message !== undefined),
  );
  if (!said) throw new SkrumbleError("MESSAGE_UNKNOWN");
  return said;
}

/** Pure, and the same for every order of the messages. */
export function foldAgreement(agreement: MessageId, messages: readonly HistoryMessage[]): Said | undefined {
  const lines = <Did extends StoredStep["did"]>(did: Did): Line<Did>[] =>
    messages
      .flatMap(({ id, from, at, claimedAt, body }) => {
        if (body.type !== "agreement" || body.step.did !== did) return [];
        return [{ id, from, at: claimedAt ?? at, step: body.step as Extract<StoredStep, { did: Did }> }];
      })
      .sort((a, b) => (isLater(a, b) ? 1 : -1));
  const root = lines("proposed").find(({ id }) => id === agreement);
  const first = root && firstVersion(root);
  if (!first) return undefined;
  const versions = allVersions(first, lines("changed"));
  const byId = new Map(versions.map((version) => [version.id, version]));
  const isParty = (person: PublicId) => partyOf(first.draft, person) !== undefined;
  const declined = lines("declined").find(({ from }) => isParty(from));
  return {
    agreement,
    versions,
    newest: versions.reduce((best, one) => (comesAfter(one, best) ? one : best)),
    signed: lines("signed").flatMap(({ from, at, step: { version: id, wallet, signature } }) => {
      const version = byId.get(id);
      const party = version && partyOf(version.draft, from);
      if (!version || party?.wallet !== wallet) return [];
      return [{ version, party, wallet, signature, at }];
    }),
    ...(declined ? { declined: { from: declined.from, note: declined.step.note } } : {}),
    concluded: lines("concluded").flatMap(({ step: { version } }) => (byId.has(version) ? [version] : [])),
    acts: lines("acted").map(({ id, from, at, step: { act, transaction } }) => ({
      ...{ message: id, from, at, act, transaction },
    })),
  };
}

export const partyOf = ({ parties }: AgreementDraft, person: PublicId): AgreementParty | undefined =>
  parties.find(({ publicId }) => publicId === person);

/** A party's role, or "arbiter". */
export const roleOf = (draft: AgreementDraft, person: PublicId): string | undefined =>
  partyOf(draft, person)?.role ?? (draft.arbiter?.publicId === person ? draft.arbiter.role : undefined);

const comesAfter = (a: AgreementVersion, b: AgreementVersion): boolean =>
  a.number > b.number || (a.number === b.number && isLater(a, b));

function firstVersion({ id, from, at, step }: Line<"proposed">): AgreementVersion | undefined {
  const draft = parseDraft(JSON.parse(step.draft));
  return partyOf(draft, from) ? { id, number: 1, from, at, draft, changes: [] } : undefined;
}

/** A change counts when a party of the agreement made it, to a version that counts, and it is still the same agreement. */
function allVersions(first: AgreementVersion, changes: readonly Line<"changed">[]): AgreementVersion[] {
  const versions = [first];
  for (const before of versions) {
    if (before.number > maxChanges) continue;
    for (const { id, from, at, step } of changes) {
      if (step.before !== before.id || !partyOf(first.draft, from)) continue;
      const draft = parseDraft(JSON.parse(step.draft));
      const found = changesOf(before.draft, draft);
      if (found) versions.push({ id, number: before.number + 1, from, at, draft, changes: found });
    }
  }
  return versions.sort((a, b) => (comesAfter(a, b) ? 1 : -1));
}

function changesOf(before: AgreementDraft, after: AgreementDraft) {
  // With the same salt the same text would be the same agreement, also where somebody took their signature back.
  if (before.salt === after.salt) return undefined;
  try {
    return compareDrafts(before, after);
  } catch (error) {
    if (error instanceof SkrumbleError) return undefined;
    throw error;
  }
}
