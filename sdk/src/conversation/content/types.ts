import type {
  AgreementBody,
  DeliveryState,
  MessageBody,
  PacketBody,
  PaymentBody,
  RequestBody,
} from "../../types/client.ts";
import type { MessageId, Millis, PublicId } from "../../types/primitives.ts";
import type { StoredAgreement } from "./agreement.ts";
import type { StoredPayment, StoredRequest } from "./money.ts";
import type { StoredPacket } from "./packet.ts";
import type { Content, LinkCard, Reply } from "./schema.ts";

/** When an event happened by its sender's clock, and which one it was: what decides between two of them. */
export interface Stamp {
  at: Millis;
  id: MessageId;
}

/** The last word of one person about one message. `emoji` null: taken back; kept, so that an older one cannot return. */
export interface StoredReaction extends Stamp {
  from: PublicId;
  emoji: string | null;
}

export type StoredBody =
  | Exclude<MessageBody, PaymentBody | RequestBody | PacketBody | AgreementBody>
  | StoredPayment
  | StoredRequest
  | StoredPacket
  | StoredAgreement;

/** One message as the encrypted history keeps it. */
export interface HistoryMessage {
  id: MessageId;
  /** Place in the local history: order of arrival. */
  number: number;
  from: PublicId;
  outgoing: boolean;
  /** Shown; never far ahead of this device's clock. */
  at: Millis;
  /** What the sender's clock said, where it is not `at`. */
  claimedAt?: Millis;
  body: StoredBody;
  delivery: DeliveryState;
  replicas?: { stored: number; of: number };
  error?: { code: string };
  /** Group and counter it was sent under from this device. */
  sentAs?: { route: string; n: number };
  /** Own messages: how far it got with each person. */
  reached?: Record<PublicId, "delivered" | "read">;
  replyTo?: Reply;
  forwarded?: true;
  /** The admin who shared it: that `from` said it is their word alone. */
  sharedBy?: PublicId;
  mentions?: PublicId[];
  link?: LinkCard;
  /** When the present text was written, and by which event. */
  edited?: Millis;
  editId?: MessageId;
  reactions?: StoredReaction[];
  deletedBy?: PublicId;
  deletion?: Stamp;
  /** Seconds it lives once it was read or sent here. */
  timer?: number;
  expiresAt?: Millis;
  starred?: true;
}

/** One content message, received or one's own, after it was opened and parsed. */
export interface ContentEvent {
  id: MessageId;
  from: PublicId;
  /** The sender's clock. */
  at: Millis;
  content: Content;
  /** Seconds that a new message is to live. */
  timer?: number;
}

/** An event whose target has not come yet. */
export interface WaitingEvent {
  event: ContentEvent;
  /** Whether its sender was an admin when it came. */
  admin: boolean;
  since: Millis;
}
