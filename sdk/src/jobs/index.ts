/**
 * The freelance marketplace: jobs on offer, applications, hires by agreement, ratings. A chain to read and a wallet that signs are enough,
 * except to apply, which a joined client does. Agreements themselves: `@skrumble/sdk/agreements`.
 */

export type * from "../types/jobs.ts";
export { applicationNote, applicationOf, applyToJob } from "./applyToJob.ts";
export { actingFor, personById, personByPublicId } from "./board.ts";
export { closeJob } from "./closeJob.ts";
export { concludeHire } from "./concludeHire.ts";
export { editJob } from "./editJob.ts";
export { findHires } from "./findHires.ts";
export { keepComment, maxComment } from "./keepComment.ts";
export { keepListing } from "./keepListing.ts";
export { hashListing, maxListingTitle, parseListing } from "./listing.ts";
export { listJobs } from "./listJobs.ts";
export { makeOffer, offerOf, offerToText } from "./offers.ts";
export { payIn } from "./payIn.ts";
export { postJob } from "./postJob.ts";
export { rateParty } from "./rateParty.ts";
export { readHire } from "./readHire.ts";
export { readJob } from "./readJob.ts";
export { readOwnHire } from "./readOwnHire.ts";
export { readReputation } from "./readReputation.ts";
export { readScore } from "./readScore.ts";
export { signOffer } from "./signOffer.ts";
