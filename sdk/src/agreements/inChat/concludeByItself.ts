import type { Core } from "../../client/core.ts";
import type { AgreementRow } from "../../conversation/content/agreementIndex.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode } from "../../errors/index.ts";
import { concludeAgreement } from "../concludeAgreement.ts";
import { termsOf } from "../termsOf.ts";
import { findConcluded } from "./concluded.ts";
import type { Pace } from "./follow.ts";
import { partyOf, readSaid } from "./said.ts";
import { goodSignatures } from "./signatures.ts";

/** The client of the last who signed goes first; after so long, in milliseconds, any other party's does. */
const patience = 8000;

/** What will not become right by trying again. */
const final: readonly ErrorCode[] = [
  ...(["AGREEMENT_RETRACTED", "AGREEMENT_TOO_LATE", "WALLET_CHANGED_ACCOUNT", "CHAIN_REJECTED"] as const),
  "AGREEMENT_UNSIGNED",
];

/**
 * Puts an agreement on chain that everybody has signed, and says so. The contract takes it once, whoever is first; what was
 * signed in another version than the newest is left alone.
 */
export async function concludeByItself(
  core: Core,
  { conversationId, agreement }: Pick<AgreementRow, "conversationId" | "agreement">,
): Promise<Pace> {
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
    const good = await goodSignatures(core.chain, said.signed, newest, core.signal);
    if (good.length < newest.draft.parties.length) return "done";
    const signatures = new Map(good.map(({ wallet, signature }) => [wallet, signature]));
    try {
      await concludeAgreement(core.chain, termsOf(newest.draft), signatures, { signal: core.signal });
    } catch (error) {
      const code = codeOf(error);
      if (final.includes(code)) return "done";
      if (code !== "AGREEMENT_EXISTS") throw error;
      return "soon";
    }
  } else if (concluded.version !== newest.id || !mine || said.concluded.length > 0) {
    return "done";
  }
  const step = { did: "concluded", of: agreement, version: newest.id } as const;
  await sendContent(core, conversationId, { kind: "agreement", step });
  return "done";
}
