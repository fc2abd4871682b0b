import type { Core } from "../client/core.ts";
import { maxDraft } from "../conversation/content/agreement.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { MilestoneAct, ProvenAgreement } from "../types/agreed.ts";
import type { Address, PublicId } from "../types/primitives.ts";
import { type ActBy, carryOut, prepareAct } from "./inChat/act.ts";
import { placeOfConcluded } from "./inChat/concluded.ts";
import { looseIn } from "./inChat/missing.ts";
import { lookAlikesIn } from "./inChat/problems.ts";
import { actsInHand, keptActs } from "./inChat/records.ts";
import { roleOf } from "./inChat/said.ts";
import { unfundedIn } from "./proofWarnings.ts";
import { readEscrow } from "./readEscrow.ts";
import { verifyAgreement } from "./verifyAgreement.ts";

/** With the file that proves an agreement: for its arbiter, and for a party who no longer has its conversation. */

/** @throws SkrumbleError see Agreements.open */
export async function openProof(core: Core, file: string): Promise<ProvenAgreement> {
  const { chain, signal, vault } = core;
  const { escrow: at, concludedAt, ...proven } = await verifyAgreement(chain, parsed(file), { signal });
  const { draft } = proven;
  const address = at?.toLowerCase() as Address | undefined;
  const escrow = address && (await readEscrow(chain, address, draft.money?.milestones.length ?? 0, { signal }));
  const loose = address && draft.money ? await looseIn(core, address, draft.money.asset.token) : 0n;
  const inHand = actsInHand(await keptActs(vault), (one) => one.escrow === address);
  const names = lookAlikesIn(core, draft).map((one) => ({ kind: "look-alike", ...one }) as const);
  const token = draft.money && (await core.payments.assets.read(draft.money.asset));
  const role = roleOf(draft, core.self.identity.publicId);
  return {
    ...{ ...proven, at: concludedAt * 1000 },
    warnings: [
      ...proven.warnings.filter((one) => one.kind !== "look-alike" || !names.some(isAbout(one))),
      ...names,
      ...(token && !token.listed ? [{ kind: "unlisted-token" } as const] : []),
      ...unfundedIn(escrow, inHand.pending),
    ],
    ...inHand,
    ...(escrow ? { escrow } : {}),
    ...(role === undefined ? {} : { role }),
    ...(loose > 0n ? { loose } : {}),
  };
}

const isAbout =
  ({ publicId }: { publicId: PublicId }) =>
  (other: { publicId: PublicId }): boolean =>
    other.publicId === publicId;

/** @throws SkrumbleError see Agreements.act */
export async function actOnProof(core: Core, file: string, act: MilestoneAct, by: ActBy): Promise<void> {
  const { id, draft, escrow } = await openProof(core, file);
  if (!escrow) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  const record = await prepareAct(core, { draft, escrow: escrow.address }, act, by);
  const told = await placeOfConcluded(core, id);
  await carryOut(core, { ...record, ...(told ? { told } : {}) }, by.wallet);
}

function parsed(file: string): unknown {
  if (file.length > maxDraft) throw new SkrumbleError("AGREEMENT_INVALID", { details: "length" });
  try {
    return JSON.parse(file);
  } catch (error) {
    throw new SkrumbleError("AGREEMENT_INVALID", { cause: error });
  }
}
