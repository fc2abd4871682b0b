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
import { draftToJson, readDraft } from "../parseDraft.ts";
import { copiesAmong } from "./copies.ts";

/** What the messages of one agreement come to, whatever order they came in. Nothing of it is checked against the chain. */
export interface Folded {
  agreement: MessageId;
  /** Oldest first. */
  versions: AgreementVersion[];
  /** By every message that brought its text: whoever says a text again has not made another one of it. */
  texts: ReadonlyMap<MessageId, AgreementVersion>;
  /** Of all that can be signed the last one of the longest chain of changes. */
  newest: AgreementVersion;
  /** Each by the party it says it is of; the signature itself is not looked at. */
  signed: SaidSignature[];
  /** The first word of that; and every party's. */
  declined?: { from: PublicId; note?: string | undefined };
  declines: MessageId[];
  /** Versions of which a party says that they are on chain. */
  concluded: { message: MessageId; version: MessageId; at: Millis }[];
  acts: SaidAct[];
}

export interface Said extends Folded {
  /** All of them, also what counts for nothing. */
  messages: MessageId[];
}

export interface SaidSignature {
  message: MessageId;
  version: AgreementVersion;
  party: AgreementParty;
  wallet: Address;
  signature: Hex;
  at: Millis;
}

export interface SaidAct {
  message: MessageId;
  from: PublicId;
  at: Millis;
  act: StoredAct;
  transaction: Hex;
}

type Line<Did extends StoredStep["did"]> = {
  id: MessageId;
  from: PublicId;
  at: Millis;
  step: Extract<StoredStep, { did: Did }>;
};

/** Longer chains of changes are nobody's negotiation. */
const maxChanges = 64;
/**
 * Of each person: how much counts, the earliest first. Who says more is not listened to. Times are their senders' word, so nothing that
 * somebody signed depends on them: see {@link signedTexts}.
 */
const most = {
  proposed: 1,
  changed: maxChanges,
  signed: 2 * maxChanges,
  declined: 1,
  concluded: 4,
  acted: 512,
} as const;

/** @throws SkrumbleError MESSAGE_UNKNOWN (not here, or not proposed by a party of it) */
export async function readSaid(core: Core, conversationId: ConversationId, agreement: MessageId): Promise<Said> {
  const rows = (await agreementRows(core.vault, conversationId)).filter((row) => row.agreement === agreement);
  const all = await Promise.all(rows.map(({ message }) => core.threads.message(conversationId, message)));
  const found = all.filter((message) => message !== undefined);
  const copies = await copiesAmong(core, conversationId, rows, found);
  const said = foldAgreement(
    agreement,
    found.filter(({ id }) => !copies.has(id)),
  );
  if (!said) throw new SkrumbleError("MESSAGE_UNKNOWN");
  return { ...said, messages: rows.map(({ message }) => message) };
}

/** Pure, and the same for every order of the messages. */
export function foldAgreement(agreement: MessageId, messages: readonly HistoryMessage[]): Folded | undefined {
  const lines = <Did extends StoredStep["did"]>(did: Did, kept?: ReadonlySet<MessageId>): Line<Did>[] => {
    const counts = new Map<PublicId, number>();
    return messages
      .flatMap(({ id, from, at, claimedAt, body }) => {
        if (body.type !== "agreement" || body.step.did !== did) return [];
        return [{ id, from, at: claimedAt ?? at, step: body.step as Extract<StoredStep, { did: Did }> }];
      })
      .filter(({ id }) => did !== "proposed" || id === agreement)
      .sort((a, b) => (isLater(a, b) ? 1 : -1))
      .filter(({ id, from }) => {
        if (kept?.has(id)) return true;
        const count = (counts.get(from) ?? 0) + 1;
        counts.set(from, count);
        return count <= most[did];
      });
  };
  const [root] = lines("proposed");
  const first = root && firstVersion(root);
  if (!first) return undefined;
  const isParty = ({ from }: { from: PublicId }) => partyOf(first.draft, from) !== undefined;
  const signatures = lines("signed").filter(isParty);
  const { versions, texts } = allVersions(first, lines("changed", signedTexts(signatures, messages)));
  const isArbiter = ({ from }: { from: PublicId }) => versions.some(({ draft }) => draft.arbiter?.publicId === from);
  const declines = lines("declined").filter(isParty);
  const [declined] = declines;
  return {
    agreement,
    versions,
    texts,
    newest: versions.reduce((best, one) => (comesAfter(one, best) ? one : best)),
    signed: signatures.flatMap(({ id: message, from, at, step: { version: id, wallet, signature } }) => {
      const version = texts.get(id);
      const party = version && partyOf(version.draft, from);
      if (!version || party?.wallet !== wallet) return [];
      return [{ message, version, party, wallet, signature, at }];
    }),
    ...(declined ? { declined: { from: declined.from, note: declined.step.note } } : {}),
    declines: declines.map(({ id }) => id),
    concluded: lines("concluded")
      .filter(isParty)
      .flatMap(({ id: message, at, step }) => {
        const version = texts.get(step.version)?.id;
        return version === undefined ? [] : [{ message, version, at }];
      }),
    acts: lines("acted")
      .filter((line) => isParty(line) || isArbiter(line))
      .map(({ id, from, at, step: { act, transaction } }) => ({ message: id, from, at, act, transaction })),
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
  const draft = readDraft(step.draft);
  return partyOf(draft, from) ? { id, number: 1, from, at, draft, changes: [] } : undefined;
}

/**
 * Changes that another party than their author signed, and what they go back to. However many others that author sends, and however early
 * they claim to be, none of them crowds out a text that holds.
 */
function signedTexts(signatures: readonly Line<"signed">[], messages: readonly HistoryMessage[]): Set<MessageId> {
  const changes = new Map(
    messages.flatMap(({ id, from, body }) =>
      body.type === "agreement" && body.step.did === "changed" ? [[id, { from, before: body.step.before }]] : [],
    ),
  );
  const kept = new Set<MessageId>();
  for (const { from, step } of signatures) {
    if (changes.get(step.version)?.from === from) continue;
    let at: MessageId | undefined = step.version;
    while (at !== undefined && !kept.has(at)) {
      const change = changes.get(at);
      if (change) kept.add(at);
      at = change?.before;
    }
  }
  return kept;
}

/**
 * A change counts when a party of the agreement made it, to a version that counts, and it is still the same agreement. The same text with
 * the same salt is the same agreement on chain, whoever says it again and whenever they claim to have: it stays the version it is.
 */
function allVersions(
  first: AgreementVersion,
  changes: readonly Line<"changed">[],
): { versions: AgreementVersion[]; texts: Map<MessageId, AgreementVersion> } {
  const versions = new Map([[draftToJson(first.draft), first]]);
  const texts = new Map([[first.id, first]]);
  for (const [name, before] of texts) {
    if (before.number > maxChanges) continue;
    for (const { id, from, at, step } of changes) {
      if (step.before !== name || texts.has(id) || !partyOf(first.draft, from)) continue;
      const found = changed(before.draft, step.draft);
      if (!found) continue;
      const text = draftToJson(found.draft);
      const version = versions.get(text) ?? { id, number: before.number + 1, from, at, ...found };
      versions.set(text, version);
      texts.set(id, version);
    }
  }
  return { versions: [...versions.values()].sort((a, b) => (comesAfter(a, b) ? 1 : -1)), texts };
}

/** Undefined where it is another agreement, or this program cannot read it. */
function changed(before: AgreementDraft, json: string): Pick<AgreementVersion, "draft" | "changes"> | undefined {
  try {
    const draft = readDraft(json);
    return { draft, changes: compareDrafts(before, draft) };
  } catch (error) {
    if (error instanceof SkrumbleError) return undefined;
    throw error;
  }
}
