import type { Core } from "../../client/core.ts";
import type { AgreementPlace } from "../../conversation/content/agreementIndex.ts";
import { isUntellable } from "../../conversation/send/isUntellable.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode } from "../../errors/index.ts";
import type { ConversationId, MessageId, Millis } from "../../types/primitives.ts";
import { concludeAgreement } from "../concludeAgreement.ts";
import { termsOf } from "../termsOf.ts";
import { findConcluded } from "./concluded.ts";
import type { Pace } from "./follow.ts";
import { partyOf, readSaid } from "./said.ts";
import { goodSignatures } from "./signatures.ts";

/** The client of the last who signed goes first; after so long, in milliseconds, any other party's does. */
const patience = 8000;

/** One relay's no is not the last word: it is tried again, ever more seldom, until the time to sign is over. In milliseconds. */
const firstPause = 10_000;
const longestPause = 3_600_000;

/** Nobody has said no. */
const passing: readonly ErrorCode[] = [
  "CHAIN_UNREACHABLE",
  "CHAIN_UNPROVEN",
  "CHAIN_MAY_BE_OLD",
  "CHAIN_STALLED",
  "QUORUM_FAILED",
  "ABORTED",
];

interface Failure {
  code: ErrorCode;
  until: Millis;
  pause: number;
}

const failures = new WeakMap<Core, Map<string, Failure>>();
const keyOf = (conversationId: ConversationId, agreement: MessageId): string => `${conversationId} ${agreement}`;

/** Why the chain did not take an agreement that all have signed, by the last attempt of this client. */
export const failureOf = (core: Core, conversationId: ConversationId, agreement: MessageId): ErrorCode | undefined =>
  failures.get(core)?.get(keyOf(conversationId, agreement))?.code;

function noteFailure(core: Core, key: string, code: ErrorCode): void {
  const all = failures.get(core) ?? new Map<string, Failure>();
  failures.set(core, all);
  const pause = Math.min(longestPause, 2 * (all.get(key)?.pause ?? firstPause / 2));
  all.set(key, { code, until: core.now() + pause, pause });
}

/**
 * Puts an agreement on chain that everybody has signed, and says so. The contract takes it once, whoever is first; what was
 * signed in another version than the newest is left alone.
 */
export async function concludeByItself(core: Core, { conversationId, agreement }: AgreementPlace): Promise<Pace> {
  const said = await readSaid(core, conversationId, agreement).catch(() => undefined);
  if (!said || said.declined) return "done";
  const { newest } = said;
  const me = core.self.identity.publicId;
  const signed = said.signed.filter(({ version }) => version.id === newest.id);
  const signers = new Set(signed.map(({ wallet }) => wallet));
  if (!partyOf(newest.draft, me) || signers.size < newest.draft.parties.length) return "done";
  const last = signed.reduce((latest, one) => (one.at > latest.at ? one : latest));
  const mine = last.party.publicId === me;
  const concluded = await findConcluded(core, conversationId, said);
  if (!concluded) {
    if (newest.draft.signBy * 1000 < core.now()) return "done";
    if (!mine && Math.abs(core.now() - last.at) < patience) return "soon";
    const key = keyOf(conversationId, agreement);
    if ((failures.get(core)?.get(key)?.until ?? 0) > core.now()) return "later";
    const good = await goodSignatures(core.chain, said.signed, newest, core.signal);
    if (good.length < newest.draft.parties.length) return "done";
    const signatures = new Map(good.map(({ wallet, signature }) => [wallet, signature]));
    try {
      await concludeAgreement(core.chain, termsOf(newest.draft), signatures, { signal: core.signal });
    } catch (error) {
      const code = codeOf(error);
      if (code === "AGREEMENT_EXISTS") return "soon";
      if (passing.includes(code)) throw error;
      noteFailure(core, key, code);
      return "later";
    }
    failures.get(core)?.delete(key);
  } else if (concluded.version !== newest.id || !mine || said.concluded.length > 0) {
    return "done";
  }
  const step = { did: "concluded", of: agreement, version: newest.id } as const;
  await sendContent(core, conversationId, { kind: "agreement", step }).catch((error: unknown) => {
    // Everybody reads it from the chain: nothing waits for a conversation that takes no word of it.
    if (core.signal.aborted || !isUntellable(error)) throw error;
  });
  return "done";
}
