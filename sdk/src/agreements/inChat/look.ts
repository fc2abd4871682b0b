import type { Core } from "../../client/core.ts";
import { shownAct } from "../../conversation/content/agreement.ts";
import { peopleOf } from "../../conversation/group/state.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import { readReceipt } from "../../money/receipt.ts";
import type {
  AgreementEvent,
  AgreementSignature,
  AgreementState,
  AgreementVersion,
  AgreementView,
} from "../../types/agreed.ts";
import type { Address, ConversationId, MessageId } from "../../types/primitives.ts";
import { confirmDraft } from "../confirmDraft.ts";
import { type EscrowView, readEscrow } from "../readEscrow.ts";
import { writeText } from "../writeText.ts";
import { actorOf, isToldBy } from "./acts.ts";
import { type Concluded, findConcluded } from "./concluded.ts";
import { readSaid, roleOf, type Said, type SaidSignature } from "./said.ts";
import { goodSignatures, idOf, isRetracted } from "./signatures.ts";

/** An agreement as messages and chain have it now. @throws SkrumbleError MESSAGE_UNKNOWN, ABORTED */
export async function lookAtAgreement(
  core: Core,
  conversationId: ConversationId,
  agreement: MessageId,
): Promise<AgreementView> {
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
  const me = core.self.identity.publicId;
  const role = roleOf(draft, me);
  const address = concluded?.escrow;
  const count = draft.money?.milestones.length ?? 0;
  const options = { quorum: true, signal: core.signal };
  const escrow = address && (await ask(() => readEscrow(core.chain, address, count, options), undefined));
  const good = await ask(() => goodSignatures(core.chain, said.signed, version, core.signal), []);
  const back = concluded ? [] : await ask(() => retractedBy(core, version), []);
  const signatures = signaturesOf(version, { good, back, concluded: concluded !== undefined });
  const bound = concluded ? [] : await ask(() => boundBy(core, said, version), []);
  const events = await ask(() => eventsOf(core, said, version, concluded), eventsAsSaid(said));
  const state = stateOf({ said, version, signatures, concluded, escrow, now: core.now() });
  const open = state === "proposed" || state === "signing" || state === "recording";
  const problem = open ? await ask(() => problemOf(core, conversationId, version), undefined) : undefined;
  return {
    ...{ id: agreement, state, versions: said.versions, version, text: writeText(draft), signatures, bound, events },
    ...(said.declined && !concluded ? { declined: said.declined } : {}),
    ...(role === undefined ? {} : { role }),
    ...(problem ? { problem: { code: problem } } : {}),
    ...(unsure ? { unsure } : {}),
    ...(concluded ? { concluded: shownConcluded(concluded) } : {}),
    ...(escrow ? { escrow } : {}),
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

/** Versions that do not count (any more) and could still be concluded with this person's signature. */
async function boundBy(core: Core, said: Said, version: AgreementVersion): Promise<MessageId[]> {
  const me = core.self.identity.publicId;
  const isOut = ({ id }: AgreementVersion) => id !== version.id || said.declined !== undefined;
  const mine = said.signed.filter(
    (one) => one.party.publicId === me && isOut(one.version) && one.version.draft.signBy * 1000 > core.now(),
  );
  const bound = new Set<MessageId>();
  for (const one of mine) {
    if (!(await isRetracted(core.chain, one.version, one.wallet, core.signal))) bound.add(one.version.id);
  }
  return [...bound];
}

const eventsAsSaid = (said: Said): AgreementEvent[] =>
  said.acts.map(({ act, ...rest }) => ({ ...rest, act: shownAct(act), state: "open" }));

/** What was found out about messages does not change: for as long as a client is open. */
const checked = new WeakMap<Core, Map<MessageId, "true" | "false">>();

async function eventsOf(
  core: Core,
  said: Said,
  { draft }: AgreementVersion,
  concluded: Concluded | undefined,
): Promise<AgreementEvent[]> {
  const known = checked.get(core) ?? new Map<MessageId, "true" | "false">();
  checked.set(core, known);
  const escrow = concluded?.escrow;
  return Promise.all(
    said.acts.map(async ({ act, ...rest }): Promise<AgreementEvent> => {
      const shown = { ...rest, act: shownAct(act) };
      if (!escrow) return { ...shown, state: "open" };
      const before = known.get(rest.message);
      if (before) return { ...shown, state: before };
      const wallet = actorOf(draft, rest.from, act.do);
      const receipt = wallet && (await readReceipt(core.chain, rest.transaction, core.signal));
      if (wallet && !receipt) return { ...shown, state: "open" };
      const isTrue = receipt && receipt.status === "0x1" && isToldBy(receipt.logs, { escrow, act, wallet });
      const state = isTrue ? "true" : "false";
      known.set(rest.message, state);
      return { ...shown, state };
    }),
  );
}

const confirmations = new WeakMap<Core, Map<string, { until: number; problem: string | undefined }>>();
const confirmedFor = 30_000;

/** Why nobody should sign a version. @throws SkrumbleError of the network */
export async function problemOf(
  core: Core,
  conversationId: ConversationId,
  version: AgreementVersion,
): Promise<string | undefined> {
  const { draft } = version;
  const thread = core.threads.get(conversationId);
  const people = thread ? peopleOf(thread.state) : [];
  if (draft.parties.some(({ publicId }) => !people.includes(publicId))) return "NOT_A_MEMBER";
  if (draft.chainId !== core.chain.network.chainId) return "AGREEMENT_OTHER_CHAIN";
  const known = confirmations.get(core) ?? new Map<string, { until: number; problem: string | undefined }>();
  confirmations.set(core, known);
  const key = idOf(core.chain, version);
  const before = known.get(key);
  if (before && before.until > core.now()) return before.problem;
  const problem = await confirmDraft(core.chain, draft, core.signal).then(
    () => undefined,
    (error) => {
      if (error instanceof SkrumbleError && error.category !== "network" && error.code !== "ABORTED")
        return codeOf(error);
      throw error;
    },
  );
  known.set(key, { until: core.now() + confirmedFor, problem });
  return problem;
}
