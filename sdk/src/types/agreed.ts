import type { EscrowView } from "../agreements/readEscrow.ts";
import type { AgreementDraft, AgreementParty, DraftChange } from "./agreements.ts";
import type { WalletSigner } from "./client.ts";
import type { Message } from "./conversation.ts";
import type { Address, Hex, MessageId, Millis, PublicId } from "./primitives.ts";

/**
 * What is done with an escrow out of a conversation. `text` is said to the people of the conversation; on chain stands a hash of
 * it with 32 random bytes, so that nobody can guess it. Amounts in the asset's smallest unit, `due` in Unix seconds.
 */
export type MilestoneAct =
  | { do: "fund"; first: number; count: number }
  | { do: "submit" | "reject" | "dispute"; index: number; text: string }
  | { do: "accept" | "refund"; index: number; amount: bigint }
  | { do: "rule"; index: number; toPayee: bigint }
  | { do: "extend"; index: number; due: number }
  | { do: "declareDefault" | "settle"; index: number }
  | { do: "cancel"; toPayee: bigint };

/** What a message of an agreement says: its sender's words. What is true of it is in {@link AgreementView}. */
export type AgreementStep =
  /** `changed`: instead of the version `before`. */
  | { did: "proposed"; draft: AgreementDraft }
  | { did: "changed"; before: MessageId; draft: AgreementDraft }
  | { did: "signed"; version: MessageId }
  | { did: "declined"; note?: string | undefined }
  | { did: "concluded"; version: MessageId }
  | { did: "acted"; act: MilestoneAct; transaction: Hex };

export interface AgreementBody {
  type: "agreement";
  /** Message that proposed it first: the agreement's name in this conversation. */
  agreement: MessageId;
  step: AgreementStep;
}

/** One text of an agreement, whoever wrote it. It is named by the message that brought it. */
export interface AgreementVersion {
  id: MessageId;
  /** 1 for the first. */
  number: number;
  from: PublicId;
  at: Millis;
  draft: AgreementDraft;
  /** What is other than in the version it replaces. */
  changes: DraftChange[];
}

/** `signed`: their wallet signed the version that counts. `retracted`: and took it back on chain, for ever. */
export interface AgreementSignature {
  party: AgreementParty;
  state: "missing" | "signed" | "retracted";
  at?: Millis;
}

/**
 * `proposed`: nobody has signed the newest version. `signing`: some have. `recording`: all have, and it is on its way to the
 * chain. `in-force`: on chain. `finished`: all its money is where it belongs; a plain agreement is in force for good.
 */
export type AgreementState = "proposed" | "signing" | "recording" | "in-force" | "finished" | "declined" | "expired";

/** Something done with the escrow and told in the conversation. */
export interface AgreementEvent {
  message: MessageId;
  from: PublicId;
  at: Millis;
  act: MilestoneAct;
  transaction: Hex;
  /** Whether the chain says so, too: two operators agreeing. `open`: nobody knows yet. */
  state: "true" | "open" | "false";
}

/** An agreement as messages and chain have it now: the same on every device that has the same messages. */
export interface AgreementView {
  id: MessageId;
  state: AgreementState;
  /** Oldest first. */
  versions: AgreementVersion[];
  /** The one that counts: concluded, or else the newest. */
  version: AgreementVersion;
  /** Its whole text. */
  text: string;
  signatures: AgreementSignature[];
  /** Who ended it before it was signed by all, and why. */
  declined?: { from: PublicId; note?: string | undefined };
  /** This person's role in it: one of the template's, or "arbiter". */
  role?: string;
  /** Versions that were changed or declined under which this person's signature still holds: they have not taken it back. */
  bound: MessageId[];
  /** Why nobody should sign it now: AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS, NOT_A_MEMBER (a party is not in this conversation). */
  problem?: { code: string };
  /** The chain could not be asked: this is what the messages alone say. */
  unsure?: true;
  /** Once it is on chain. */
  concluded?: { id: Hex; at: Millis; escrow?: Address };
  /** With money in it, once it is on chain. */
  escrow?: EscrowView;
  events: AgreementEvent[];
}

/** Agreements of one conversation: proposed, changed and signed in it, kept by the chain, paid by an escrow. */
export interface ConversationAgreements {
  /**
   * Somebody as a draft names them: what the registry says, two operators agreeing.
   * @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_REVOKED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  party(person: PublicId): Promise<Omit<AgreementParty, "role">>;
  /**
   * All parties have to be in this conversation, oneself among them; the arbiter need not be. Messages of agreements do not
   * disappear with a timer.
   *
   * @example
   * const { id } = await conversation.agreements.propose(draft);
   * await conversation.agreements.sign(id, { version: id, wallet });
   *
   * @throws SkrumbleError AGREEMENT_INVALID, AGREEMENT_TEMPLATE_UNKNOWN, AGREEMENT_OTHER_CHAIN, AGREEMENT_NOT_YOURS, NOT_A_MEMBER,
   * AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS, AGREEMENT_TOO_LATE, CHAIN_UNREACHABLE, QUORUM_FAILED, and what sending a text throws
   */
  propose(draft: AgreementDraft): Promise<Message>;
  /**
   * Another text instead of the one seen. Signatures under that do not count for it. A new salt is put in.
   * @param seen the version that it changes
   * @throws SkrumbleError AGREEMENT_MOVED_ON (there is a newer version, or it is over), and what `propose` throws
   */
  change(agreement: MessageId, seen: MessageId, draft: AgreementDraft): Promise<Message>;
  /**
   * One prompt of the wallet. When everybody has signed, the client of the last one puts it on chain; if that is closed, any other
   * party's does.
   * @throws SkrumbleError AGREEMENT_MOVED_ON (not the version that counts), AGREEMENT_NOT_YOURS, AGREEMENT_TOO_LATE,
   * AGREEMENT_RETRACTED, AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS, NOT_A_MEMBER, WALLET_WRONG_ACCOUNT, WALLET_REFUSED, WALLET_FAILED,
   * WALLET_CHANGED_ACCOUNT, WALLET_WRONG_CHAIN, MESSAGE_UNKNOWN, CHAIN_UNREACHABLE, QUORUM_FAILED, and what sending a text throws
   */
  sign(agreement: MessageId, input: { version: MessageId; wallet: WalletSigner }): Promise<Message>;
  /**
   * Ends it before it is in force. Signatures given already hold until they are taken back with `retract`.
   * @throws SkrumbleError AGREEMENT_EXISTS, AGREEMENT_NOT_YOURS, MESSAGE_UNKNOWN, and what sending a text throws
   */
  decline(agreement: MessageId, note?: string): Promise<Message>;
  /** Makes one's signature under a version worthless, for ever. @throws as `retractAgreement`; MESSAGE_UNKNOWN, AGREEMENT_NOT_YOURS */
  retract(agreement: MessageId, version: MessageId, wallet: WalletSigner): Promise<void>;
  /**
   * One prompt of the wallet (none for `settle`), then it goes to the chain and into the conversation by itself, also after a
   * restart, and cannot happen twice.
   * @param seen `step` of the milestone, or of the escrow for `fund` and `cancel`, as shown when the person decided
   * @throws SkrumbleError AGREEMENT_NOT_CONCLUDED, AMOUNT_OVER_BALANCE, WALLET_WRONG_ACCOUNT, WALLET_CANNOT_SEND, and what
   * `actOnEscrow` throws; ESCROW_UNDER_WAY (it goes on by itself); MESSAGE_UNKNOWN, and what sending a text throws
   */
  act(agreement: MessageId, act: MilestoneAct, by: { wallet: WalletSigner; seen: bigint }): Promise<Message>;
  /** @throws SkrumbleError MESSAGE_UNKNOWN */
  look(agreement: MessageId): Promise<AgreementView>;
  /** Looks now and whenever something may have changed. @returns stops it */
  watch(agreement: MessageId, listener: (view: AgreementView) => void): () => void;
}
