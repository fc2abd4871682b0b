import { type Chain, readContract } from "../../chain/chain.ts";
import type { Core } from "../../client/core.ts";
import { type AgreementPlace, agreementPlaces } from "../../conversation/content/agreementIndex.ts";
import { peopleOf } from "../../conversation/group/state.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { agreementsAbi } from "../../generated/index.ts";
import type { AgreementVersion } from "../../types/agreed.ts";
import type { Address, ConversationId, Hex, MessageId, PublicId } from "../../types/primitives.ts";
import { readSaid, type Said } from "./said.ts";
import { idOf } from "./signatures.ts";

/** What the chain has recorded of an agreement: it never changes again, so it is asked for once. */
export interface Concluded {
  version: MessageId;
  id: Hex;
  /** Unix seconds. */
  at: number;
  escrow?: Address;
}

const collection = "agreements concluded";

/** The version on chain, two operators agreeing. @throws what {@link readContract} throws */
export async function findConcluded(
  core: Core,
  conversationId: ConversationId,
  said: Said,
): Promise<Concluded | undefined> {
  const key = keyOf({ conversationId, agreement: said.agreement });
  const known = await core.vault.get<Concluded>(collection, key);
  // The same text may go by the name of another message meanwhile.
  const named = known && said.texts.get(known.version);
  if (named) return { ...known, version: named.id };
  // What nobody signed is not on chain: it takes no agreement without all signatures.
  const candidates = said.versions.filter(
    ({ id }) =>
      said.signed.some(({ version }) => version.id === id) || said.concluded.some(({ version }) => version === id),
  );
  for (const version of candidates.reverse()) {
    const found = await readConcluded(core.chain, version, core.signal);
    if (!found) continue;
    await core.vault.write([{ collection, key, value: found }]);
    return found;
  }
  return undefined;
}

/**
 * The conversation in which this device knows an agreement, if any: also one that was never looked at since it is on chain. Rather one
 * that was not left.
 */
export const placeOfConcluded = (core: Core, id: Hex): Promise<AgreementPlace | undefined> =>
  placeWhere(core, async (place, read) => {
    const known = await core.vault.get<Concluded>(collection, keyOf(place));
    if (known) return known.id === id;
    const said = await read();
    return said?.versions.some((version) => idOf(core.chain, version) === id) === true;
  });

/** The same by its escrow, of those that are known to be on chain. */
export const placeOfEscrow = (core: Core, escrow: Address): Promise<AgreementPlace | undefined> =>
  placeWhere(core, async (place) => (await core.vault.get<Concluded>(collection, keyOf(place)))?.escrow === escrow);

/** @param isIt may read what was said there; that is read once */
async function placeWhere(
  core: Core,
  isIt: (place: AgreementPlace, read: () => Promise<Said | undefined>) => Promise<boolean>,
): Promise<AgreementPlace | undefined> {
  let left: AgreementPlace | undefined;
  // One after the other: anybody can send a thousand texts.
  for (const place of await agreementPlaces(core.vault)) {
    let reading: Promise<Said | undefined> | undefined;
    const read = () => {
      reading ??= readIfHere(core, place);
      return reading;
    };
    if (!(await isIt(place, read))) continue;
    const said = await read();
    if (!said || !mayHear(core, place.conversationId, said)) continue;
    const thread = core.threads.get(place.conversationId);
    if (thread && !thread.left) return place;
    left ??= place;
  }
  return left;
}

/** Whoever has a text can say it among strangers: acts are told where this person signed it, or where nobody is but its people. */
function mayHear(core: Core, conversationId: ConversationId, said: Said): boolean {
  if (said.signed.some(({ party }) => party.publicId === core.self.identity.publicId)) return true;
  const { parties, arbiter } = said.newest.draft;
  const people: PublicId[] = [...parties, ...(arbiter ? [arbiter] : [])].map(({ publicId }) => publicId);
  const thread = core.threads.get(conversationId);
  return thread !== undefined && peopleOf(thread.state).every((one) => people.includes(one));
}

async function readIfHere(core: Core, { conversationId, agreement }: AgreementPlace): Promise<Said | undefined> {
  try {
    return await readSaid(core, conversationId, agreement);
  } catch (error) {
    if (error instanceof SkrumbleError) return undefined;
    throw error;
  }
}

const keyOf = ({ conversationId, agreement }: AgreementPlace): string => `${conversationId} ${agreement}`;

async function readConcluded(
  chain: Chain,
  version: AgreementVersion,
  signal: AbortSignal,
): Promise<Concluded | undefined> {
  const id = idOf(chain, version);
  const { escrow, concludedAt } = await readContract(
    chain,
    { address: chain.network.contracts.agreements, abi: agreementsAbi, functionName: "agreement", args: [id] },
    { quorum: true, signal },
  );
  if (concludedAt === 0n) return undefined;
  const held = version.draft.money ? { escrow: escrow.toLowerCase() as Address } : {};
  return { version: version.id, id, at: Number(concludedAt), ...held };
}
