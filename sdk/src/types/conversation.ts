import type { AgreementBody, ConversationAgreements } from "./agreed.ts";
import type { Contact } from "./client.ts";
import type { GroupActions, GroupView, Notice } from "./group.ts";
import type { AssetId, ConversationMoney, PaymentBody, RequestBody } from "./money.ts";
import type { ConversationPackets, PacketBody } from "./packets.ts";
import type { CallId, ConversationId, Hex, MessageId, Millis, PublicId } from "./primitives.ts";

export type DeliveryState = "sending" | "sent" | "stored" | "delivered" | "read" | "failed";

export interface Message {
  id: MessageId;
  conversationId: ConversationId;
  from: PublicId;
  outgoing: boolean;
  at: Millis;
  body: MessageBody;
  delivery: DeliveryState;
  /** How many relays hold it, of how many tried. */
  replicas?: { stored: number; of: number };
  /** Why it could not be sent, when `delivery` is "failed". */
  error?: { code: string };
  replyTo?: Quote;
  forwarded?: true;
  /**
   * The admin who shared it from before one came. It is that admin's word alone that `from` said this: nothing shows whether
   * it is true. The sound of a voice message is not shared.
   */
  sharedBy?: PublicId;
  /** When the present text was written, if it was changed. */
  edited?: Millis;
  /** The earliest emoji first. */
  reactions?: { emoji: string; people: PublicId[] }[];
  mentions?: PublicId[];
  link?: LinkCard;
  /** When it disappears on this device. */
  expiresAt?: Millis;
  starred?: true;
  /** In a group: how many of the others have it, and have seen it. */
  receipts?: { delivered: number; read: number; of: number };
}

export type MessageBody =
  | { type: "text"; text: string }
  /** The sound is fetched by `Conversation.audio`. `waveform`: up to 64 levels of 0 to 100. */
  | { type: "voice"; seconds: number; waveform: number[]; mime: string }
  | { type: "deleted"; by: PublicId }
  /** A line about the conversation itself. */
  | { type: "notice"; notice: Notice }
  | {
      type: "call";
      callId: CallId;
      video: boolean;
      outcome: "missed" | "declined" | "ended" | "failed";
      seconds: number;
    }
  | PaymentBody
  | RequestBody
  | PacketBody
  | AgreementBody;

/** The message that another one answers. `claimed`: it is not here, so these are the replier's words about it. */
export interface Quote {
  id: MessageId;
  from: PublicId;
  /** Empty for a deleted or a voice message; of a payment or request its note. */
  preview: string;
  state: "known" | "claimed" | "deleted";
  /** What it is, where it is here. */
  type?: MessageBody["type"];
  /** What a payment or a request that is here is of: its chain may be another one than the network's own. */
  asset?: AssetId;
}

/** What the sender says about the first link of a text; nobody fetches anything. */
export interface LinkCard {
  url: string;
  title: string;
  description?: string | undefined;
  /** JPEG, PNG or WebP, base64url. */
  image?: string | undefined;
}

export interface TextOptions {
  replyTo?: MessageId;
  mentions?: readonly PublicId[];
  link?: LinkCard;
}

export interface VoiceInput {
  audio: Uint8Array;
  /** audio/webm, audio/ogg or audio/mp4, with codecs. */
  mime: string;
  seconds: number;
  waveform: readonly number[];
}

/** Which messages: at most `limit`, newest last. `at`: from the first one at or after a time on. */
export type PageOfMessages = { limit?: number } & (
  | { before?: MessageId }
  | { after: MessageId }
  | { around: MessageId }
  | { at: Millis }
);

/** How this device shows a conversation. */
export interface ConversationFlags {
  archived?: boolean;
  /** No notices until then; Infinity is written as Number.MAX_SAFE_INTEGER. */
  mutedUntil?: Millis;
}

export interface SearchResult {
  conversationId: ConversationId;
  message: Message;
  /** Where the words stand in the text: half open, in UTF-16 code units. */
  ranges: [start: number, end: number][];
}

export type ConversationSummary = PairSummary | GroupSummary;

interface Summary {
  id: ConversationId;
  last?: Message;
  unread: number;
  /** The anchored start of this conversation. */
  certificate: Certificate;
  flags: ConversationFlags;
  /** Seconds after which new messages disappear once seen; 0: never. */
  timer: number;
}

export interface PairSummary extends Summary {
  kind: "pair";
  contact: Contact;
}

export interface GroupSummary extends Summary {
  kind: "group";
  group: GroupView;
}

export type Certificate =
  | { state: "waiting"; since: Millis }
  | { state: "certified"; at: Millis; blockNumber: bigint; relay: string; root: Hex; transaction?: Hex }
  | { state: "failed"; code: string };

export interface Conversation {
  readonly id: ConversationId;
  summary(): Promise<ConversationSummary>;
  /** Newest last. `before` pages backwards. */
  messages(page?: PageOfMessages): Promise<Message[]>;
  /** Resolves once the message is kept locally; delivery continues by itself and is told by events. */
  sendText(text: string, options?: TextOptions): Promise<Message>;
  sendVoice(voice: VoiceInput, options?: Pick<TextOptions, "replyTo">): Promise<Message>;
  /** The sound of a voice message; undefined when it is not here any more. */
  audio(id: MessageId): Promise<Uint8Array | undefined>;
  /** One emoji per person and message; null takes it back. */
  react(id: MessageId, emoji: string | null): Promise<void>;
  /** Own texts, for a day. */
  edit(id: MessageId, text: string, options?: Omit<TextOptions, "replyTo">): Promise<void>;
  /** Own messages; as an admin of a group also those of others. */
  deleteForEveryone(id: MessageId): Promise<void>;
  /** Takes it from this device only. @throws SkrumbleError MESSAGE_UNKNOWN, AGREEMENT_KEPT (it can still be signed, or holds money) */
  deleteForMe(id: MessageId): Promise<void>;
  /** Sends a message's text or sound to another conversation, marked as forwarded. */
  forward(id: MessageId, to: ConversationId): Promise<Message>;
  star(id: MessageId, on: boolean): Promise<void>;
  starred(): Promise<Message[]>;
  /** New messages disappear so many seconds after they were seen; 0: never. In a group for admins. */
  setTimer(seconds: number): Promise<void>;
  setFlags(flags: ConversationFlags): Promise<void>;
  retry(id: MessageId): Promise<void>;
  markRead(upTo: MessageId): Promise<void>;
  /** Tells the other side that one is typing (not stored anywhere). */
  typing(): void;
  /**
   * Paying the people of this conversation. Payments and requests cannot be changed, forwarded or deleted for everyone; they
   * can be deleted here, or disappear with a timer. The chain forgets nothing: anybody can see there which wallet paid which.
   */
  readonly money: ConversationMoney;
  /** Red packets. Whoever is in the conversation when one is sent can open it; history shared later does not have them. */
  readonly packets: ConversationPackets;
  /** Agreements. Like payments they cannot be forwarded or deleted for everyone. */
  readonly agreements: ConversationAgreements;
  /** What can be done with a group; undefined for two people. */
  readonly group: GroupActions | undefined;
}
