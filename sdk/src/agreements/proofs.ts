import type { Core } from "../client/core.ts";
import { maxDraft } from "../conversation/content/agreement.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { MilestoneAct, ProvenAgreement } from "../types/agreed.ts";
import type { AgreementDraft, ProofWarning } from "../types/agreements.ts";
import type { Address, PublicId } from "../types/primitives.ts";
import { checkAsset } from "./confirmDraft.ts";
import { type ActBy, carryOut, prepareAct } from "./inChat/act.ts";
import { placeOfConcluded } from "./inChat/concluded.ts";
import { looseIn } from "./inChat/missing.ts";
import { lookAlikesIn } from "./inChat/problems.ts";
import { actsInHand, keptActs } from "./inChat/records.ts";
import { roleOf } from "./inChat/said.ts";
import { findWarnings, unfundedIn, warningsUnasked } from "./proofWarnings.ts";
import { readEscrow } from "./readEscrow.ts";
import { readRecord } from "./verifyAgreement.ts";
import { writeText } from "./writeText.ts";

/** With the file that proves an agreement: for its arbiter, and for a party who no longer has its conversation. */

/** @throws SkrumbleError see Agreements.open */
export async function openProof(core: Core, file: string): Promise<ProvenAgreement> {
  const { chain, signal, vault } = core;
  const { id, draft, escrow: at, concludedAt } = await readRecord(chain, parsed(file), { signal });
  const address = at?.toLowerCase() as Address | undefined;
  const escrow = address && (await readEscrow(chain, address, draft.money?.milestones.length ?? 0, { signal }));
  const token = draft.money?.asset.token;
  const inHand = actsInHand(await keptActs(vault), (one) => one.escrow === address);
  const names = lookAlikesIn(core, draft).map((one) => ({ kind: "look-alike", ...one }) as const);
  const [loose, found, ofAsset] = await Promise.all([
    unlessUnread(async () => (address && token ? looseIn(core, address, token) : 0n), 0n),
    unlessUnread(() => findWarnings(chain, draft, signal), warningsUnasked(chain, draft)),
    unlessUnread(() => assetWarnings(core, draft), [{ kind: "people-not-checked" }]),
  ]);
  const role = roleOf(draft, core.self.identity.publicId);
  return {
    ...{ id, draft, text: writeText(draft), at: concludedAt * 1000 },
    warnings: [
      ...found.filter((one) => one.kind !== "look-alike" || !names.some(isAbout(one))),
      ...names,
      ...ofAsset.filter((one) => !found.some(({ kind }) => kind === one.kind)),
      ...unfundedIn(escrow, inHand.pending),
    ],
    ...inHand,
    ...(escrow ? { escrow } : {}),
    ...(role === undefined ? {} : { role }),
    ...(loose > 0n ? { loose } : {}),
  };
}

/**
 * What is read besides the record and the escrow: where it cannot be proven, or not be read at all, whoever has money in it acts all the
 * same before a time runs out.
 */
async function unlessUnread<T>(work: () => Promise<T>, without: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SkrumbleError) || error.category !== "network") throw error;
    return without;
  }
}

/** A token can change what it says of itself: whoever has money in it has to get at that all the more. */
async function assetWarnings(core: Core, draft: AgreementDraft): Promise<ProofWarning[]> {
  if (!draft.money) return [];
  try {
    await checkAsset(core.chain, draft, core.signal);
    const { asset } = draft.money;
    const { listed, symbol, decimals } = await core.payments.assets.read(asset);
    // Of the chain's own coin no token was asked.
    if (symbol !== asset.symbol || decimals !== asset.decimals) return [{ kind: "asset-differs" }];
    return listed ? [] : [{ kind: "unlisted-token" }];
  } catch (error) {
    if (!["AGREEMENT_ASSET_DIFFERS", "ASSET_UNKNOWN"].includes(codeOf(error))) throw error;
    return [{ kind: "asset-differs" }];
  }
}

const isAbout =
  ({ publicId }: { publicId: PublicId }) =>
  (other: { publicId: PublicId }): boolean =>
    other.publicId === publicId;

/** @throws SkrumbleError see Agreements.act */
export async function actOnProof(core: Core, file: string, act: MilestoneAct, by: ActBy): Promise<void> {
  const { id, draft, escrow } = await readRecord(core.chain, parsed(file), { signal: core.signal });
  if (!escrow) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  const record = await prepareAct(core, { draft, escrow: escrow.toLowerCase() as Address }, act, by);
  const told = await placeOfConcluded(core, id);
  await carryOut(core, { ...record, of: id, ...(told ? { told } : {}) }, by.wallet);
}

function parsed(file: string): unknown {
  if (file.length > maxDraft) throw new SkrumbleError("AGREEMENT_INVALID", { details: "length" });
  try {
    return JSON.parse(file);
  } catch (error) {
    throw new SkrumbleError("AGREEMENT_INVALID", { cause: error });
  }
}
