/**
 * Agreements from templates: a draft is filled in, both write the same text and terms from it, all sign, the chain keeps it and
 * its escrow pays. Nothing here needs a joined client: a chain to read and a wallet that signs are enough.
 */

export { maxActText, maxDeclineNote } from "../conversation/content/agreement.ts";
export type * from "../types/agreements.ts";
export { actOnEscrow, type EscrowAction, escrowTypedData, settleMilestone } from "./actOnEscrow.ts";
export { compareDrafts } from "./compareDrafts.ts";
export { concludeAgreement } from "./concludeAgreement.ts";
export { confirmDraft } from "./confirmDraft.ts";
export { maxMilestones } from "./fields.ts";
export { draftToJson, maxParties, parseDraft } from "./parseDraft.ts";
export { warningsOf } from "./proofWarnings.ts";
export { type EscrowMilestone, type EscrowView, readEscrow } from "./readEscrow.ts";
export { readSubmissions } from "./readSubmissions.ts";
export { retractAgreement } from "./retractAgreement.ts";
export { agreementTemplates, templateOf } from "./templates/index.ts";
export { agreementIdOf, termsOf, termsTypedData } from "./termsOf.ts";
export { type VerifiedAgreement, verifyAgreement } from "./verifyAgreement.ts";
export { writeText } from "./writeText.ts";
