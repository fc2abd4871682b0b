import type { EscrowView } from "../agreements/readEscrow.ts";
import type { VerifiedAgreement } from "../agreements/verifyAgreement.ts";
import type { AgreementDraft, AgreementParty, DraftChange } from "./agreements.ts";
import type { WalletSigner } from "./client.ts";
import type { Message } from "./conversation.ts";
import type { Address, Hex, MessageId, Millis, PublicId } from "./primitives.ts";

/**
 * What is done with an escrow out of a conversation. `text` is said to the people of the conversation; on chain stands a hash of
 * it with 32 random bytes, so that nobody can guess it. Amounts in the asset's smallest unit, `due` in Unix seconds. `fund`: the
 * first milestones that are not paid, in their order. `sweep`: back to the payer what lies there and belongs to no milestone.
 */
export type MilestoneAct =
  | { do: "fund"; first: number; count: number }
  | { do: "submit" | "reject" | "dispute"; index: number; text: string }
  | { do: "accept" | "refund"; index: number; amount: bigint }
  | { do: "rule"; index: number; toPayee: bigint }
  | { do: "extend"; index: number; due: number }
  | { do: "declareDefault" | "settle"; index: number }
  | { do: "cancel"; toPayee: bigint }
  | { do: "sweep" };

/** What a message of an agreement says: its sender's words. What is true of it is in {@link AgreementView}. */
export type AgreementStep =
  /** `changed`: instead of the version `before`. */
  | { did: "proposed"; draft: AgreementDraft }
  | { did: "changed"; before: MessageId; draft: AgreementDraft }
  | { did: "signed"; version: MessageId }
  | { did: "declined"; note?: string | undefined }
  | { did: "concluded"; version: MessageId }
  | { did: "acted"; act: MilestoneAct; transaction: Hex }
  /** A text that an earlier version of this program kept, and this one cannot read: AGREEMENT_INVALID, AGREEMENT_TEMPLATE_UNKNOWN. */
  | { did: "unreadable"; problem: { code: string } };

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
  /** Whether the chain says so, too: two operators agreeing. */
  state: Told;
}

/** `true`: it is so. `open`: nobody knows yet. `false`: it is not so, or not its sender's to say. */
export type Told = "true" | "open" | "false";

/** Somebody in an agreement whose name could pass for that of a contact of this person, or of somebody else in it. */
export interface LookAlike {
  publicId: PublicId;
  pseudonym: string;
  other: string;
}

/** What this person, on this device, has set going with the escrow and what is not done yet. It goes on by itself. */
export interface PendingAct {
  /** Of the message that will tell of it. */
  message: MessageId;
  act: MilestoneAct;
  /** `wallet`: it is being asked. `chain`: on the way there, and into the conversation. */
  at: "wallet" | "chain";
  /**
   * Of `fund`: the wallet was asked to send the money itself, and the escrow does not have it. It may still come: whoever pays in another
   * way, or on another device, may pay twice.
   */
  doubt?: true;
  /** From then on it cannot happen any more; money that left a wallet for it is still looked for. */
  until: Millis;
}

/**
 * What this person, on this device, has done on chain and the conversation did not take: it was left, or is gone, or a contact is blocked.
 * It holds all the same, and is told of when that becomes possible. Only this device has the text of it.
 */
export interface UntoldAct {
  /** Of the message that would tell of it. */
  message: MessageId;
  act: MilestoneAct;
  transaction: Hex;
}

/** One side agrees to this and the other has not yet: it happens when they do the same act with the very same value. */
export interface OpenConsent {
  message: MessageId;
  from: PublicId;
  act: Extract<MilestoneAct, { do: "extend" | "cancel" }>;
  /** The other side's last moment. */
  until: Millis;
}

/** An agreement as messages and chain have it now: the same on every device that has the same messages. */
export interface AgreementView {
  id: MessageId;
  state: AgreementState;
  /** Oldest first. */
  versions: AgreementVersion[];
  /** By every message that brought a text: the version that has it. Whoever says a text again has not made another one of it. */
  texts: Readonly<Record<MessageId, MessageId>>;
  /** The one that counts: concluded, or else the newest. */
  version: AgreementVersion;
  /** Its whole text. */
  text: string;
  signatures: AgreementSignature[];
  /** Who ended it before it was signed by all, and why. */
  declined?: { from: PublicId; note?: string | undefined };
  /** This person's role in it: one of the template's, or "arbiter". */
  role?: string;
  /**
   * Versions under which this person's signature still holds, the newest among them, also after somebody declined: until they
   * take it back, or the version's `signBy`. Empty once it is on chain.
   */
  bound: MessageId[];
  /**
   * Why nobody should sign it now: AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS (also: a symbol of SKM's or of a listed asset
   * that is not that one), AGREEMENT_OTHER_CHAIN, AGREEMENT_DATE_TOO_FAR, AGREEMENT_NOT_WITH_THESE (a party is not in this conversation).
   */
  problem?: { code: string };
  /** Its token is neither the network's own nor on the network's list: whoever made it chose the symbol. */
  unlisted?: true;
  /** Until it is over. Empty mostly. */
  lookAlikes: LookAlike[];
  /** All have signed and the chain did not take it: why, by the last attempt of this device. */
  failed?: { code: string };
  /** The chain could not be asked: this is what the messages alone say. */
  unsure?: true;
  /** A message of it has come since, and what follows from that is being read: nothing should be decided by this. */
  behind?: true;
  /** Once it is on chain. */
  concluded?: { id: Hex; at: Millis; escrow?: Address };
  /** With money in it, once it is on chain. */
  escrow?: EscrowView;
  /** Lies in the escrow and belongs to no milestone: paid and not counted yet, or paid too much. More than 0. */
  loose?: bigint;
  events: AgreementEvent[];
  /** By message of this agreement (acts that count are in `events`): a text that does not count, a signature that is not good are `false`. */
  told: Readonly<Record<MessageId, Told>>;
  pending: PendingAct[];
  untold: UntoldAct[];
  consents: OpenConsent[];
}

/** An agreement out of the file that proves it, as two operators confirm it. */
export interface ProvenAgreement extends Omit<VerifiedAgreement, "concludedAt" | "escrow"> {
  at: Millis;
  /** With money in it. */
  escrow?: EscrowView;
  /** This person's role in it: one of the template's, or "arbiter". */
  role?: string;
  /** As in {@link AgreementView}. */
  loose?: bigint;
  pending: PendingAct[];
  untold: UntoldAct[];
}

/**
 * Agreements of which one has the file (what `draftToJson` writes) and need not be in their conversations: an arbiter decides with it, a
 * party does whatever they could do in the conversation.
 */
export interface Agreements {
  /** @throws SkrumbleError what `verifyAgreement` throws of the record and the escrow: what else cannot be read, or differs, is a warning */
  open(file: string): Promise<ProvenAgreement>;
  /**
   * As {@link ConversationAgreements.act}. It is told of where this device knows the conversation and that takes it; everybody sees it on
   * chain.
   * @param by.seen `step` of the milestone, or of the escrow, as shown when the person decided
   * @throws SkrumbleError ESCROW_NOT_YOURS, AGREEMENT_NOT_CONCLUDED, and what `open` and {@link ConversationAgreements.act} throw
   */
  act(file: string, act: MilestoneAct, by: { wallet: WalletSigner; seen: bigint }): Promise<void>;
  /**
   * Lets an {@link UntoldAct} go, and with it the only text of it on this device: it counts on chain as before, and is told of in no
   * conversation any more. Nothing happens with any other act.
   * @param message of the untold act
   */
  dismiss(message: MessageId): Promise<void>;
}

/** Agreements of one conversation: proposed, changed and signed in it, kept by the chain, paid by an escrow. */
export interface ConversationAgreements {
  /**
   * Somebody as a draft names them: what the registry says, two operators agreeing.
   * @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_REVOKED, CHAIN_UNREACHABLE, QUORUM_FAILED
   */
  party(person: PublicId): Promise<Omit<AgreementParty, "role">>;
  /** Before it is proposed: whose names in a draft could pass for others'. */
  lookAlikes(draft: AgreementDraft): Promise<LookAlike[]>;
  /**
   * All parties have to be in this conversation, oneself among them; the arbiter need not be (and can do nothing here then). Messages of agreements do not
   * disappear with a timer.
   *
   * @example
   * const { id } = await conversation.agreements.propose(draft);
   * await conversation.agreements.sign(id, { version: id, wallet });
   *
   * @throws SkrumbleError AGREEMENT_INVALID, AGREEMENT_TEMPLATE_UNKNOWN, AGREEMENT_OTHER_CHAIN, AGREEMENT_NOT_YOURS, AGREEMENT_NOT_WITH_THESE, AGREEMENT_DATE_TOO_FAR,
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
   * AGREEMENT_RETRACTED, AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS, AGREEMENT_NOT_WITH_THESE, WALLET_WRONG_ACCOUNT, WALLET_REFUSED, WALLET_FAILED,
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
   * restart, and cannot happen twice. Consents (`extend`, `cancel`) wait a week for the other side's. It needs no place in the
   * conversation any more: what that does not take is done on chain all the same (`untold`).
   * @param seen `step` of the milestone, or of the escrow for `fund`, `cancel` and `sweep`, as shown when the person decided
   * @throws SkrumbleError AGREEMENT_NOT_CONCLUDED, AMOUNT_OVER_BALANCE, WALLET_WRONG_ACCOUNT, WALLET_CANNOT_SEND,
   * WALLET_SEND_UNSURE (it goes on by itself), and what `actOnEscrow` throws; ESCROW_UNDER_WAY (it goes on by itself, or one on the same milestone does: see `pending`);
   * ESCROW_EARLIER_UNPAID; MESSAGE_UNKNOWN
   * @returns what tells of it; undefined where the conversation does not take it
   */
  act(
    agreement: MessageId,
    act: MilestoneAct,
    by: { wallet: WalletSigner; seen: bigint },
  ): Promise<Message | undefined>;
  /** @throws SkrumbleError MESSAGE_UNKNOWN */
  look(agreement: MessageId): Promise<AgreementView>;
  /**
   * Looks now and whenever something may have changed.
   * @param failed it could not be looked at, MESSAGE_UNKNOWN: no agreement of people in it (yet). It goes on looking
   * @returns stops it
   */
  watch(
    agreement: MessageId,
    listener: (view: AgreementView) => void,
    failed?: (problem: { code: string }) => void,
  ): () => void;
}
