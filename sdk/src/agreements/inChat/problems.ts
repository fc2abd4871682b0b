import type { Core } from "../../client/core.ts";
import { findLookAlike, looksLike } from "../../contacts/lookAlike.ts";
import { peopleOf } from "../../conversation/group/state.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../../errors/index.ts";
import type { LookAlike } from "../../types/agreed.ts";
import type { AgreementDraft } from "../../types/agreements.ts";
import type { ConversationId, Millis } from "../../types/primitives.ts";
import { longest } from "../checkDraft.ts";
import { confirmDraft } from "../confirmDraft.ts";
import { idOf } from "./signatures.ts";

/** What a draft says besides its text that nobody has to believe. */

/** Names in it that could pass for those of one's contacts, or for each other's: somebody else may be meant. */
export function lookAlikesIn(core: Core, { parties, arbiter }: AgreementDraft): LookAlike[] {
  const me = core.self.identity.publicId;
  const people = [...parties, ...(arbiter ? [arbiter] : [])];
  const known = [...core.book.all(), ...people];
  return people
    .filter(({ publicId }) => publicId !== me)
    .flatMap((one) => {
      const other = findLookAlike(one, known);
      return other ? [{ publicId: one.publicId, pseudonym: one.pseudonym, other: other.pseudonym }] : [];
    });
}

interface Confirmation {
  problem?: ErrorCode;
  unlisted?: true;
}

const confirmations = new WeakMap<Core, Map<string, { until: Millis; found: Confirmation }>>();
const confirmedFor = 30_000;

/**
 * Why nobody should sign a draft in this conversation, if there is something; whether its token is one that nobody lists.
 * @throws SkrumbleError of the network
 */
export async function confirmationOf(
  core: Core,
  conversationId: ConversationId,
  draft: AgreementDraft,
): Promise<Confirmation> {
  const here = problemHere(core, conversationId, draft);
  if (draft.chainId !== core.chain.network.chainId) return { problem: here ?? "AGREEMENT_OTHER_CHAIN" };
  const known = confirmations.get(core) ?? new Map<string, { until: Millis; found: Confirmation }>();
  confirmations.set(core, known);
  const key = idOf(core.chain, { draft });
  const before = known.get(key);
  const found = before && before.until > core.now() ? before.found : await confirmed(core, draft);
  if (found !== before?.found) known.set(key, { until: core.now() + confirmedFor, found });
  return here ? { ...found, problem: here } : found;
}

/** @throws SkrumbleError what {@link confirmationOf} gives as a problem, CONVERSATION_UNKNOWN, and of the network */
export async function checkDraftHere(core: Core, id: ConversationId, draft: AgreementDraft): Promise<void> {
  if (!core.threads.get(id)) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  const { problem } = await confirmationOf(core, id, draft);
  if (problem) throw new SkrumbleError(problem);
}

function problemHere(core: Core, id: ConversationId, draft: AgreementDraft): ErrorCode | undefined {
  const thread = core.threads.get(id);
  const people = thread ? peopleOf(thread.state) : [];
  if (draft.parties.some(({ publicId }) => !people.includes(publicId))) return "AGREEMENT_NOT_WITH_THESE";
  // The contract refuses dates that are further ahead when it is concluded.
  const last = core.now() / 1000 + longest;
  return draft.money?.milestones.some(({ due }) => due > last) ? "AGREEMENT_DATE_TOO_FAR" : undefined;
}

async function confirmed(core: Core, draft: AgreementDraft): Promise<Confirmation> {
  let listed = true;
  const people = await refusalOf(() => confirmDraft(core.chain, draft, core.signal));
  const asset = await refusalOf(async () => {
    listed = await isListed(core, draft);
  });
  const problem = people ?? asset;
  return { ...(problem ? { problem } : {}), ...(listed ? {} : { unlisted: true }) };
}

/** @throws SkrumbleError of the network */
async function refusalOf(check: () => Promise<void>): Promise<ErrorCode | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (!(error instanceof SkrumbleError) || error.category === "network" || error.code === "ABORTED") throw error;
    return codeOf(error);
  }
}

/**
 * Whoever makes a token chooses its symbol, and the coin's stands in no contract: what the network itself calls them counts.
 * @throws SkrumbleError AGREEMENT_ASSET_DIFFERS (other words than the network's, or a token that passes for one of its own)
 */
async function isListed(core: Core, { money }: AgreementDraft): Promise<boolean> {
  if (!money) return true;
  const { asset } = money;
  const { assets } = core.payments;
  const { listed, symbol, decimals } = await assets.read(asset);
  const differs = new SkrumbleError("AGREEMENT_ASSET_DIFFERS");
  if (symbol !== asset.symbol || decimals !== asset.decimals) throw differs;
  if (listed) return true;
  if ((await assets.listed()).some((one) => looksLike(one.symbol, asset.symbol))) throw differs;
  return false;
}
