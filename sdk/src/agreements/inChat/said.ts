import type { Core } from "../../client/core.ts";
import type { StoredAct, StoredStep } from "../../conversation/content/agreement.ts";
import { type AgreementPlace, type AgreementRow, agreementRows } from "../../conversation/content/agreementIndex.ts";
import { isLater } from "../../conversation/content/stamp.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementVersion } from "../../types/agreed.ts";
import type { AgreementDraft, AgreementParty } from "../../types/agreements.ts";
import type { Address, ConversationId, Hex, MessageId, Millis, PublicId } from "../../types/primitives.ts";
import { compareDrafts } from "../compareDrafts.ts";
import { readDraft } from "../parseDraft.ts";

/** What the messages of one agreement come to, whatever order they came in. Nothing of it is checked against the chain. */
export interface Folded {
  agreement: MessageId;
  /** Oldest first. */
  versions: AgreementVersion[];
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
/** Of each person: how much counts, the earliest first. Who says more is not listened to. */
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
  const rows = await agreementRows(core.vault, conversationId);
  const own = rows.filter((row) => row.agreement === agreement);
  const here = own.filter((row) => !isCopy(row, rows));
  const elsewhere = await Promise.all(here.map((row) => isElsewhere(core, conversationId, row)));
  const counting = here.filter((_, index) => !elsewhere[index]);
  const found = await Promise.all(counting.map(({ message }) => core.threads.message(conversationId, message)));
  const said = foldAgreement(
    agreement,
    found.filter((message) => message !== undefined),
  );
  if (!said) throw new SkrumbleError("MESSAGE_UNKNOWN");
  return { ...said, messages: own.map(({ message }) => message) };
}

/**
 * With the salt of another agreement the same text would be that agreement on chain: it counts where it came here first. So a version is
 * named by its message, and no other message, copied or said again, can bring the same text under another name.
 */
const isCopy = ({ agreement, number, salt }: AgreementRow, rows: readonly AgreementRow[]): boolean =>
  salt !== undefined && rows.some((row) => row.salt === salt && row.agreement !== agreement && row.number < number);

const salts = "agreement salts";

/** The same of another conversation that is still here: whoever has said it there would seem to have agreed on it twice. */
async function isElsewhere(
  { vault, threads }: Core,
  conversationId: ConversationId,
  { agreement, message, salt }: AgreementRow,
): Promise<boolean> {
  if (salt === undefined) return false;
  const own: AgreementPlace & { message: MessageId } = { conversationId, agreement, message };
  const first = await vault.get<typeof own>(salts, salt);
  if (first?.conversationId === conversationId) return false;
  if (first && (await threads.message(first.conversationId, first.message))?.body.type === "agreement") return true;
  await vault.write([{ collection: salts, key: salt, value: own }]);
  return false;
}

/** Pure, and the same for every order of the messages. */
export function foldAgreement(agreement: MessageId, messages: readonly HistoryMessage[]): Folded | undefined {
  const lines = <Did extends StoredStep["did"]>(did: Did): Line<Did>[] => {
    const counts = new Map<PublicId, number>();
    return messages
      .flatMap(({ id, from, at, claimedAt, body }) => {
        if (body.type !== "agreement" || body.step.did !== did) return [];
        return [{ id, from, at: claimedAt ?? at, step: body.step as Extract<StoredStep, { did: Did }> }];
      })
      .filter(({ id }) => did !== "proposed" || id === agreement)
      .sort((a, b) => (isLater(a, b) ? 1 : -1))
      .filter(({ from }) => {
        const count = (counts.get(from) ?? 0) + 1;
        counts.set(from, count);
        return count <= most[did];
      });
  };
  const [root] = lines("proposed");
  const first = root && firstVersion(root);
  if (!first) return undefined;
  const versions = allVersions(first, lines("changed"));
  const byId = new Map(versions.map((version) => [version.id, version]));
  const isParty = ({ from }: { from: PublicId }) => partyOf(first.draft, from) !== undefined;
  const isArbiter = ({ from }: { from: PublicId }) => versions.some(({ draft }) => draft.arbiter?.publicId === from);
  const declines = lines("declined").filter(isParty);
  const [declined] = declines;
  return {
    agreement,
    versions,
    newest: versions.reduce((best, one) => (comesAfter(one, best) ? one : best)),
    signed: lines("signed").flatMap(({ id: message, from, at, step: { version: id, wallet, signature } }) => {
      const version = byId.get(id);
      const party = version && partyOf(version.draft, from);
      if (!version || party?.wallet !== wallet) return [];
      return [{ message, version, party, wallet, signature, at }];
    }),
    ...(declined ? { declined: { from: declined.from, note: declined.step.note } } : {}),
    declines: declines.map(({ id }) => id),
    concluded: lines("concluded")
      .filter(isParty)
      .flatMap(({ id: message, at, step: { version } }) => (byId.has(version) ? [{ message, version, at }] : [])),
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

/** A change counts when a party of the agreement made it, to a version that counts, and it is still the same agreement. */
function allVersions(first: AgreementVersion, changes: readonly Line<"changed">[]): AgreementVersion[] {
  const versions = [first];
  // With the same salt the same text would be the same agreement, also where somebody took their signature back.
  const salts = new Set([first.draft.salt]);
  for (const before of versions) {
    if (before.number > maxChanges) continue;
    for (const { id, from, at, step } of changes) {
      if (step.before !== before.id || !partyOf(first.draft, from)) continue;
      const found = changed(before.draft, step.draft);
      if (!found || salts.has(found.draft.salt)) continue;
      salts.add(found.draft.salt);
      versions.push({ id, number: before.number + 1, from, at, ...found });
    }
  }
  return versions.sort((a, b) => (comesAfter(a, b) ? 1 : -1));
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
