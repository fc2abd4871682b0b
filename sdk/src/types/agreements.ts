import type { AssetId } from "./money.ts";
import type { Address, Hex, PublicId } from "./primitives.ts";

/** Languages that an agreement can be written in. What is signed is the text in one of them. */
export type AgreementLanguage = "en" | "zh-CN";
export type InBoth = Readonly<Record<AgreementLanguage, string>>;

/**
 * What a template is about. `plain`: no money. `work`: milestones are submitted and accepted. `sale`: a price in
 * instalments.
 */
export type AgreementKind = "plain" | "work" | "sale";

/**
 * What somebody's silence leads to. `wait`: nothing, either side may go to the arbiter. `split`: a share to the payee, the
 * rest to the payer.
 */
export type SilenceOutcome = "wait" | "refund" | "release" | "split" | "arbiter";

/** One thing to fill in. Bounds are of UTF-16 code units. */
export interface TemplateField {
  id: string;
  type: "line" | "paragraph" | "choice";
  label: InBoth;
  /** What to write there, for whoever fills it in. */
  hint?: InBoth;
  max: number;
  optional?: true;
  /** Of a `choice`: what each option says in the text. */
  options?: readonly { id: string; label: InBoth; says: InBoth }[];
}

/** A clause of the text. `{payer}`, `{payee}` and so on stand for the roles' names. */
export type TemplateClause = { title: InBoth } & ({ says: InBoth } | { field: string });

/**
 * An agreement to be filled in, as data. A version is never changed once released: what was signed under it is written anew
 * from it by whoever checks it.
 */
export interface AgreementTemplate {
  id: string;
  version: number;
  kind: AgreementKind;
  title: InBoth;
  /** For whoever chooses. */
  summary: InBoth;
  /** In their order: payer, then payee, where money is part of it. Plain agreements have one role for all. */
  roles: readonly { id: string; name: InBoth }[];
  fields: readonly TemplateField[];
  clauses: readonly TemplateClause[];
}

/** Somebody who is part of it, as the registry knows them at the time of signing. */
export interface AgreementParty {
  /** One of the template's roles; "arbiter" for the one both sides ask. */
  role: string;
  publicId: PublicId;
  pseudonym: string;
  wallet: Address;
}

export interface AgreementMilestone {
  title: string;
  /** In the asset's smallest unit. */
  amount: bigint;
  /** Unix seconds: last moment to submit it (work) or to pay it (sale). */
  due: number;
}

/** What happens when a time runs out. Each is chosen by people: none has a default. Times in seconds. */
export interface AgreementRules {
  /** Work: nothing submitted by the due date; no word on a submission; no word on a rejection. */
  onNoSubmission?: SilenceOutcome | undefined;
  onNoReview?: SilenceOutcome | undefined;
  onRejection?: SilenceOutcome | undefined;
  /** The payee's part of a split, in 1/10,000. */
  fallbackShare: number;
  /** Sale: part of each instalment that is kept until all are paid, in 1/10,000. */
  retainedShare?: number | undefined;
  reviewTime: number;
  responseTime: number;
  /** With an arbiter. */
  rulingTime?: number | undefined;
}

/** The money part. The asset's symbol and decimals stand in the text: they are part of what is signed. */
export interface AgreementMoney {
  asset: AssetId & { symbol: string; decimals: number };
  milestones: readonly AgreementMilestone[];
  rules: AgreementRules;
}

/** A filled-in template: everything that the text and the terms follow from, and nothing else. */
export interface AgreementDraft {
  template: string;
  version: number;
  language: AgreementLanguage;
  chainId: number;
  parties: readonly AgreementParty[];
  arbiter?: AgreementParty | undefined;
  /** By field; a choice holds the option's id. */
  values: Readonly<Record<string, string>>;
  money?: AgreementMoney | undefined;
  /** Unix seconds: last moment to conclude. */
  signBy: number;
  /** 32 random bytes. */
  salt: Hex;
}

/** `Terms` of the Agreements contract, as they are signed (EIP-712). */
export interface AgreementTerms {
  kind: number;
  signers: readonly Address[];
  payer: Address;
  payee: Address;
  arbiter: Address;
  token: Address;
  textHash: Hex;
  salt: Hex;
  signBy: bigint;
  rules: {
    onNoSubmission: number;
    onNoReview: number;
    onRejection: number;
    fallbackShare: number;
    retainedShare: number;
    reviewTime: number;
    responseTime: number;
    rulingTime: number;
  };
  milestones: readonly { amount: bigint; due: number }[];
}

/** One difference between two drafts. */
export type DraftChange =
  | { what: "value"; field: string; before: string; after: string }
  | { what: "milestone"; index: number; before?: AgreementMilestone; after?: AgreementMilestone }
  | { what: "rule"; rule: keyof AgreementRules; before?: string | number; after?: string | number }
  | { what: "asset" | "signBy" | "arbiter" | "language"; before: string; after: string };

/**
 * What whoever relies on a proof has to know besides. None of it makes the proof wrong.
 *
 * `chain-not-asked`: what is shown is what messages say. `one-operator`: only one was known, and the chain is its word alone. `unsigned`:
 * these have not signed. `stranger`: the registry does not (or no longer) know them under this name with this wallet, so the chain says
 * nothing about them. `arbiter-is-party`: the arbiter's identity belongs to this party's wallet by now. `look-alike`: a name that passes
 * for another one, of the agreement or of one's contacts. `unlisted-token`: whoever made the token chose its symbol.
 * `people-not-checked`: the record and the escrow were read as always; who the people are now, or what the token says of itself, could not be read.
 * `asset-differs`: the token says another symbol or other decimals than the text, or nothing. `unfunded`: nothing
 * was paid in for these milestones, by their place. `may-come`: neither, and money for them is on its way from this person, or may be.
 */
export type ProofWarning =
  | { kind: "chain-not-asked" | "one-operator" | "people-not-checked" | "unlisted-token" | "asset-differs" }
  | { kind: "unsigned"; parties: AgreementParty[] }
  | { kind: "stranger" | "arbiter-is-party"; party: AgreementParty }
  | { kind: "look-alike"; publicId: PublicId; pseudonym: string; other: string }
  | { kind: "unfunded" | "may-come"; milestones: number[] };
