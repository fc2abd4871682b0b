import type { AgreementDraft, AgreementLanguage, AgreementRules } from "./agreements.ts";
import type { AssetId } from "./money.ts";
import type { Address, Hex, PublicId } from "./primitives.ts";

/** A step of the work, as the poster imagines it. What counts is what the agreement says later. */
export interface ListedMilestone {
  title: string;
  /** In the asset's smallest unit. */
  amount: bigint;
  /** Days after the agreement is signed: 1 to 1,000. */
  days: number;
}

/**
 * A job on offer. Its bytes are kept by relays; the poster's wallet has signed their keccak256 (EIP-712, Post of IJobBoard), and
 * the chain keeps it. Bounds are of UTF-16 code units.
 */
export interface Listing {
  language: AgreementLanguage;
  chainId: number;
  /** Who wrote it: a copy of somebody else's listing is refused. */
  poster: PublicId;
  /** At most 120. */
  title: string;
  /** At most 4,000. */
  requirements: string;
  /** At most 2,000. */
  deliverables: string;
  rights: "transfer" | "licence";
  /** At most 8 of at most 30. */
  skills: readonly string[];
  asset: AssetId & { symbol: string; decimals: number };
  /** 1 to 32; together they are the budget. */
  milestones: readonly ListedMilestone[];
}

/** Somebody as the registry has them now. */
export interface RegisteredPerson {
  id: bigint;
  publicId: PublicId;
  pseudonym: string;
  wallet: Address;
  revoked: boolean;
}

/** `open`: looking for somebody until `applyBy`. */
export type JobState = "open" | "hired" | "closed";

/** Why a text is not here: every relay was asked and none has it; or one that could not be asked may have it, so it is not lost. */
export type DocumentProblem = "DOCUMENT_MISSING" | "DOCUMENT_NOT_ALL_ASKED";

export interface Job {
  id: bigint;
  state: JobState;
  /** Undefined where their name is not in normal form and could pass for another. */
  poster: RegisteredPerson | undefined;
  /** Unix seconds. */
  postedAt: number;
  applyBy: number;
  listingHash: Hex;
  /** Undefined while it is not found, or when it is no listing of this poster: see `problem`. */
  listing: Listing | undefined;
  problem?: DocumentProblem | "JOB_INVALID";
  /** The agreement of the first hire. */
  agreement?: Hex;
}

/** Who was hired by an agreement, and whether the two have rated each other: 1 to 5, 0 before. */
export interface JobHire {
  jobId: bigint;
  client: bigint;
  freelancer: bigint;
  byClient: number;
  byFreelancer: number;
}

/** A hire as the chain alone knows it: without text and titles. */
export interface FoundHire {
  agreement: Hex;
  hire: JobHire;
  role: "client" | "freelancer";
  escrow: Address;
  token: Address;
  /** Amounts in base units; `due` in Unix seconds, as agreed at first. */
  milestones: { amount: bigint; due: number }[];
}

export interface JobRating {
  rater: RegisteredPerson | undefined;
  /** Unix seconds. */
  at: number;
  score: number;
  agreement: Hex;
  /** Undefined where there is none, or it was not found: see `problem`. */
  comment?: string;
  problem?: DocumentProblem;
}

/** What those who worked with somebody say. Two who are one can say it too: look at who they are. */
export interface Reputation {
  count: number;
  /** Of all scores; undefined without any. */
  average: number | undefined;
  /** Newest first, the newest 20. */
  ratings: JobRating[];
}

/** An agreement offered to an applicant, as it travels in the conversation. */
export interface JobOffer {
  jobId: bigint;
  draft: AgreementDraft;
  /** Ties the agreement's salt to the job. Whoever has it can show the hire: it stays between the two. */
  secret: Hex;
  /** By wallet in lower case, those who have signed. */
  signatures: ReadonlyMap<Address, Hex>;
}

/** What the poster decides when they make an offer of their listing. */
export interface OfferInput {
  client: RegisteredPerson;
  freelancer: RegisteredPerson;
  rules: AgreementRules;
  /** Unix seconds, whole minutes: last moment to sign. */
  signBy: number;
  /** Instead of the listing's. */
  milestones?: readonly ListedMilestone[];
}
