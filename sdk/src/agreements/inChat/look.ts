import type { Core } from "../../client/core.ts";
import type { AgreementPlace } from "../../conversation/content/agreementIndex.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { AgreementSignature, AgreementState, AgreementVersion, AgreementView } from "../../types/agreed.ts";
import type { Address, ConversationId, MessageId } from "../../types/primitives.ts";
import { type EscrowView, readEscrow } from "../readEscrow.ts";
import { writeText } from "../writeText.ts";
import { failureOf } from "./concludeByItself.ts";
import { type Concluded, findConcluded } from "./concluded.ts";
import { checkActs, openConsents, shownEvent, unchecked } from "./events.ts";
import { looseIn } from "./missing.ts";
import { confirmationOf, lookAlikesIn } from "./problems.ts";
import { type ActInHand, actsInHand, keptActs } from "./records.ts";
import { readSaid, roleOf, type Said, type SaidSignature } from "./said.ts";
import { firstGood, isRetracted, toldOf } from "./signatures.ts";
import { toldIn } from "./told.ts";

/** An agreement as messages and chain have it now. @throws SkrumbleError MESSAGE_UNKNOWN, ABORTED */
export async function lookAtAgreement(
  core: Core,
  conversationId: ConversationId,
  agreement: MessageId,
): Promise<AgreementView> {
  const { chain, signal } = core;
  const said = await readSaid(core, conversationId, agreement);
  let unsure = false;
  /** What only the chain knows; without it, what messages say. */
  const ask = async <T>(work: () => Promise<T>, without: T): Promise<T> => {
    if (unsure) return without;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SkrumbleError) || error.category !== "network") throw error;
      unsure = true;
      return without;
    }
  };
  const concluded = await ask(() => findConcluded(core, conversationId, said), undefined);
  const version = said.versions.find(({ id }) => id === concluded?.version) ?? said.newest;
  const { draft } = version;
  const role = roleOf(draft, core.self.identity.publicId);
  const address = concluded?.escrow;
  const count = draft.money?.milestones.length ?? 0;
  const escrow = address && (await ask(() => readEscrow(chain, address, count, { signal }), undefined));
  const token = draft.money?.asset.token;
  const loose = address && token ? await ask(() => looseIn(core, address, token), 0n) : 0n;
  const known =
    (await ask(() => toldOf(chain, said.signed, { asked: true, signal }), undefined)) ??
    (await toldOf(chain, said.signed, { asked: false }));
  const good = firstGood(
    said.signed.filter((one) => one.version.id === version.id),
    known,
  );
  const back = concluded ? [] : await ask(() => retractedBy(core, version), []);
  const signatures = signaturesOf(version, { good, back, concluded: concluded !== undefined });
  const bound = concluded ? [] : await boundBy(core, said, ask);
  const acts = await ask(() => checkActs(core, conversationId, said, { draft, escrow: address }), unchecked(said));
  const state = stateOf({ said, version, signatures, concluded, escrow, now: core.now() });
  const open = state === "proposed" || state === "signing" || state === "recording";
  const { problem, unlisted } = await ask(() => confirmationOf(core, conversationId, draft), {});
  const failed = state === "recording" ? failureOf(core, conversationId, agreement) : undefined;
  return {
    ...{ id: agreement, state, versions: said.versions, version, text: writeText(draft), signatures, bound },
    texts: Object.fromEntries([...said.texts].map(([name, { id }]) => [name, id])),
    events: acts.map(shownEvent),
    told: toldIn(said, { acts, signatures: known, concluded, asked: !unsure, now: core.now() }),
    ...actsInHand(await keptActs(core.vault), (one) => isOf(one, { conversationId, agreement, escrow: address })),
    lookAlikes: state === "finished" ? [] : lookAlikesIn(core, draft),
    consents: escrow ? openConsents(acts, escrow, core.now()) : [],
    ...(said.declined && !concluded ? { declined: said.declined } : {}),
    ...(role === undefined ? {} : { role }),
    ...(problem && open ? { problem: { code: problem } } : {}),
    ...(unlisted ? { unlisted } : {}),
    ...(failed ? { failed: { code: failed } } : {}),
    ...(unsure ? { unsure } : {}),
    ...(concluded ? { concluded: shownConcluded(concluded) } : {}),
    ...(escrow ? { escrow } : {}),
    ...(loose > 0n ? { loose } : {}),
  };
}

const shownConcluded = ({ id, at, escrow }: Concluded) => ({ id, at: at * 1000, ...(escrow ? { escrow } : {}) });

interface Facts {
  said: Said;
  version: AgreementVersion;
  signatures: readonly AgreementSignature[];
  concluded: Concluded | undefined;
  escrow: EscrowView | undefined;
  now: number;
}

function stateOf({ said, version, signatures, concluded, escrow, now }: Facts): AgreementState {
  if (concluded) return escrow?.finished ? "finished" : "in-force";
  if (said.declined) return "declined";
  if (now > version.draft.signBy * 1000) return "expired";
  const signed = signatures.filter(({ state }) => state === "signed").length;
  if (signed === signatures.length) return "recording";
  return signed > 0 ? "signing" : "proposed";
}

interface Signed {
  good: readonly SaidSignature[];
  back: readonly Address[];
  concluded: boolean;
}

function signaturesOf({ draft }: AgreementVersion, { good, back, concluded }: Signed): AgreementSignature[] {
  return draft.parties.map((party): AgreementSignature => {
    const found = good.find(({ wallet }) => wallet === party.wallet);
    if (back.includes(party.wallet)) return { party, state: "retracted" };
    // The chain took it: everybody has signed, whether that came here or not.
    if (!found && !concluded) return { party, state: "missing" };
    return { party, state: "signed", ...(found ? { at: found.at } : {}) };
  });
}

async function retractedBy(core: Core, version: AgreementVersion): Promise<Address[]> {
  const wallets = version.draft.parties.map(({ wallet }) => wallet);
  const found = await Promise.all(wallets.map((wallet) => isRetracted(core.chain, version, wallet, core.signal)));
  return wallets.filter((_, index) => found[index]);
}

/** Versions that could still be concluded with this person's signature: those, too, of which the chain cannot be asked. */
async function boundBy(
  core: Core,
  said: Said,
  ask: <T>(work: () => Promise<T>, without: T) => Promise<T>,
): Promise<MessageId[]> {
  const me = core.self.identity.publicId;
  const mine = said.signed.filter(
    ({ party, version }) => party.publicId === me && version.draft.signBy * 1000 > core.now(),
  );
  const bound = new Set<MessageId>();
  for (const { version, wallet } of mine) {
    if (bound.has(version.id)) continue;
    if (!(await ask(() => isRetracted(core.chain, version, wallet, core.signal), false))) bound.add(version.id);
  }
  return [...bound];
}

/** Also what was done with the file that proves it. */
const isOf = (
  { told, escrow: of }: ActInHand,
  { conversationId, agreement, escrow }: AgreementPlace & { escrow: Address | undefined },
): boolean => of === escrow || (told?.conversationId === conversationId && told.agreement === agreement);
