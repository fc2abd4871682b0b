import type { Core } from "../client/core.ts";
import { maxDraft } from "../conversation/content/agreement.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { ProvenAgreement } from "../types/agreed.ts";
import type { Address } from "../types/primitives.ts";
import { type ActBy, carryOut, prepareAct } from "./inChat/act.ts";
import { keptActs, pendingAct } from "./inChat/records.ts";
import { roleOf } from "./inChat/said.ts";
import { readEscrow } from "./readEscrow.ts";
import { verifyAgreement } from "./verifyAgreement.ts";

/** For whoever is in none of the conversations of an agreement: its arbiter, with the file that proves it. */

/** @throws SkrumbleError see Agreements.open */
export async function openProof(core: Core, file: string): Promise<ProvenAgreement> {
  const { chain, signal, vault } = core;
  const { escrow: at, concludedAt, ...proven } = await verifyAgreement(chain, parsed(file), { signal });
  const { draft } = proven;
  const address = at?.toLowerCase() as Address | undefined;
  const escrow = address && (await readEscrow(chain, address, draft.money?.milestones.length ?? 0, { signal }));
  const role = roleOf(draft, core.self.identity.publicId);
  const acts = (await keptActs(vault)).filter((one) => one.escrow === address);
  return {
    ...{ ...proven, at: concludedAt * 1000, pending: acts.map(pendingAct) },
    ...(escrow ? { escrow } : {}),
    ...(role === undefined ? {} : { role }),
  };
}

/** @throws SkrumbleError see Agreements.rule */
export async function ruleOnProof(
  core: Core,
  file: string,
  { index, toPayee }: { index: number; toPayee: bigint },
  by: ActBy,
): Promise<void> {
  const { draft, escrow } = await openProof(core, file);
  if (!escrow) throw new SkrumbleError("AGREEMENT_NOT_CONCLUDED");
  const record = await prepareAct(core, { draft, escrow: escrow.address }, { do: "rule", index, toPayee }, by);
  await carryOut(core, record, by.wallet);
}

function parsed(file: string): unknown {
  if (file.length > maxDraft) throw new SkrumbleError("AGREEMENT_INVALID", { details: "length" });
  try {
    return JSON.parse(file);
  } catch (error) {
    throw new SkrumbleError("AGREEMENT_INVALID", { cause: error });
  }
}
