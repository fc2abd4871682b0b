import type { Agreements } from "./agreed.ts";
import type { Coin, Provenance } from "./chains.ts";
import type { Certificate, Conversation, ConversationSummary, Message, SearchResult } from "./conversation.ts";
import type {
  BackupAllowance,
  BackupInfo,
  DeviceEvent,
  Devices,
  HistoryBrought,
  HistoryOptions,
  RestoreOptions,
  Transfer,
} from "./devices.ts";
import type { Fees } from "./fees.ts";
import type { GroupInput } from "./group.ts";
import type { Money } from "./money.ts";
import type { Packets } from "./packets.ts";
import type { Address, CallId, ConversationId, Hex, MessageId, Millis, PublicId } from "./primitives.ts";

export type * from "./agreed.ts";
export type * from "./chains.ts";
export type * from "./conversation.ts";
export type * from "./devices.ts";
export type * from "./fees.ts";
export type * from "./group.ts";
export type * from "./money.ts";
export type * from "./packets.ts";

/**
 * What a wallet must be able to do: name its account and sign EIP-712 typed data. Sending a transaction is only asked of it
 * for paying with what cannot move by a signature: the chain's coin and other tokens than SKM.
 */
export interface WalletSigner {
  readonly address: Address;
  signTypedData(typedData: TypedDataRequest): Promise<Hex>;
  /** Chain the wallet is on now, when it has such a notion. */
  chainId?(): Promise<number>;
  /** Asks the wallet to move to (EIP-3326) and if needed learn about (EIP-3085) a chain. */
  switchChain?(chain: WalletChain): Promise<void>;
  /** Signs a transaction of the account and sends it. Resolves with its hash as soon as it is under way. */
  sendTransaction?(request: TransactionRequest): Promise<Hex>;
}

/** A chain as wallets learn of it. */
export interface WalletChain {
  id: number;
  name: string;
  /** At least one. */
  rpcUrls: readonly string[];
  /** The network's own chain has none with a price. */
  coin?: Coin;
  explorer?: string;
}

export interface TransactionRequest {
  to: Address;
  data: Hex;
  value: bigint;
  /** EIP-155: it is for this chain alone. */
  chainId: number;
  /** Of another chain than the network's own: gas is not free there, and a wallet without a node of its own uses its nodes. */
  chain?: WalletChain;
  /** Number of the transaction among the account's, for one that is to take the place of another; else the wallet's to choose. */
  nonce?: number;
  /** Hash of the one whose place it takes, where that is known: a wallet may refuse to drop another one for it. */
  replaces?: Hex;
  /** Aborted before it is handed to a node, nothing is sent. */
  signal?: AbortSignal;
  /** Called before a node is given it, by wallets that can tell: it may be sent from then on. Nothing is sent where this rejects. */
  onSigned?(signed: { hash: Hex; nonce: number }): void | Promise<void>;
}

/** EIP-712 request in the shape viem and every wallet understand. */
export interface TypedDataRequest {
  domain: { name?: string; version?: string; chainId?: number; verifyingContract?: Address };
  types: Record<string, readonly { name: string; type: string }[]>;
  primaryType: string;
  message: Record<string, unknown>;
}

export interface JoinInput {
  wallet: WalletSigner;
  /** As typed; normalised by ENSIP-15 inside. */
  pseudonym: string;
  /** Never leaves the device. */
  securityCode: string;
  /** Root backup for wallets whose signature is not repeatable. */
  backup?: Uint8Array;
  /**
   * Takes every other device from the registry for good, with one more signature: they are lost, or its 64 places are taken. Not
   * for a new identity.
   */
  onlyDevice?: boolean;
  onProgress?: (step: JoinStep) => void;
  signal?: AbortSignal;
}

/** In the order they happen; those that begin with `sign-` wait for the person. */
export type JoinStep =
  | "check-name"
  | "sign-identity"
  | "sign-identity-again"
  | "derive"
  | "commit-name"
  | "sign-registration"
  | "sign-devices"
  | "register"
  | "open-mailbox"
  | "done";

export type JoinResult =
  | { kind: "registered" | "restored"; identity: Identity }
  /**
   * The wallet cannot repeat a signature: keep `backup`, without it this identity opens on no other device. Also when an
   * earlier attempt on this device had registered the identity and did not come to its end.
   */
  | { kind: "registered-with-backup"; identity: Identity; backup: Uint8Array };

export interface Identity {
  pseudonym: string;
  publicId: PublicId;
  wallet: Address;
  keyVersion: number;
  /** Base64url of the device's Ed25519 key. */
  deviceKey: Hex;
}

export type NameAvailability =
  | { kind: "available"; normalized: string }
  | { kind: "yours"; normalized: string }
  | { kind: "taken"; normalized: string }
  | { kind: "invalid"; reason: "empty" | "too-short" | "too-long" | "forbidden-character" | "look-alike" };

/** What a tier allows (IMembership.Entitlements). */
export interface Entitlements {
  conferenceSize: number;
  /** 0: no limit. */
  conferenceMinutes: number;
  fileBytes: bigint;
  storageDays: number;
  storageBytes: bigint;
  records: boolean;
  video: boolean;
}

/** What a tier gives a backup at relays today: of the storage in its entitlements the part that a mailbox has room for. */
export interface BackupRoom {
  /** Most bytes, and days that relays are asked to keep it. */
  bytes: number;
  days: number;
}

/** A tier above one's own. */
export interface HigherTier {
  name: string;
  /** SKM in its smallest unit: what has to count in all, and what is missing of it. */
  threshold: bigint;
  missing: bigint;
  entitlements: Entitlements;
  backup: BackupRoom;
}

export interface TierStatus {
  tier: number;
  name: string;
  /** SKM in its smallest unit (18 decimals). */
  balance: bigint;
  lowestBalance: bigint;
  credit: bigint;
  entitlements: Entitlements;
  backup: BackupRoom;
  /** Lowest first; empty for the highest. */
  higherTiers: HigherTier[];
}

export type ContactState = "request-sent" | "request-received" | "connected" | "declined" | "blocked";

export interface Contact {
  publicId: PublicId;
  pseudonym: string;
  state: ContactState;
  conversationId?: ConversationId;
  /** First words that came with a request. */
  note?: string;
  since: Millis;
  verified: boolean;
  /** Why nothing is sent to this person: the registry says IDENTITY_REVOKED or IDENTITY_CHANGED. */
  problem?: { code: string };
}

/** Why there is no video between two people. */
export type VideoProblem = "VIDEO_NOT_IN_TIER" | "VIDEO_NOT_IN_THEIR_TIER";

export type CallState = "ringing-out" | "ringing-in" | "connecting" | "connected" | "reconnecting" | "ended";
export type CallEnd = "hung-up" | "declined" | "missed" | "busy" | "cancelled" | "failed";

export interface CallSnapshot {
  id: CallId;
  contact: Contact;
  direction: "in" | "out";
  video: boolean;
  state: CallState;
  end?: { reason: CallEnd; code?: string };
  startedAt: Millis;
  connectedAt?: Millis;
  muted: boolean;
  cameraOn: boolean;
  remote: { muted: boolean; cameraOn: boolean };
  /** Relayed mode hides the address from the other person too. */
  relayedOnly: boolean;
  certificate: Certificate;
  quality?: "good" | "fair" | "poor";
  /** The other person's device has said that it rings. */
  reached?: boolean;
  /** Who is heard speaking at this moment. */
  speaking?: { local: boolean; remote: boolean };
  /** "frames": encrypted end to end frame by frame, inside the connection's own encryption ("transport"). */
  protection?: "frames" | "transport";
  /** What does not work although the call goes on, e.g. CAMERA_DENIED or VIDEO_NOT_IN_TIER. */
  problems?: readonly { code: string }[];
}

export interface Call {
  readonly id: CallId;
  snapshot(): CallSnapshot;
  readonly localStream: MediaStream | undefined;
  readonly remoteStream: MediaStream | undefined;
  /** `relayedOnly` besides the setting: this call at least hides the address from the other person. */
  accept(options?: { video?: boolean; relayedOnly?: boolean }): Promise<void>;
  decline(): Promise<void>;
  hangUp(): Promise<void>;
  setMuted(muted: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /** Which microphone or camera to use from now on (`deviceId`; "" is the system's default). */
  setDevices(devices: { microphone?: string; camera?: string }): Promise<void>;
  on(event: "change", listener: (snapshot: CallSnapshot) => void): () => void;
}

export interface RelayStatus {
  id: number;
  endpoint: string;
  region: string;
  state: "connecting" | "online" | "offline";
  /** Round-trip time in milliseconds, last measured. */
  rttMs?: number;
  carriesMyMailbox: boolean;
  /** Messages that it kept for this person and that are still to be read: in the hundreds after days away. Told in steps. */
  behind: number;
}

export interface ClientEvents {
  identity: Identity | undefined;
  contacts: Contact;
  message: Message;
  /** Gone from this device: deleted here, or its time was over. */
  removed: { conversationId: ConversationId; id: MessageId };
  conversation: ConversationSummary;
  typing: { conversationId: ConversationId; from: PublicId; until: Millis };
  /** An admin did not let us into a group whose link we have. */
  refused: { conversationId: ConversationId };
  /** One's own devices; a new one gets conversations and history when it is approved (`devices.approve`). */
  device: DeviceEvent;
  /** A hand-over between one's devices has begun, or goes on after a restart. */
  transfer: Transfer;
  call: Call;
  relays: RelayStatus[];
  chain: { state: "online" | "stalled"; head: bigint };
  /** Something went wrong in the background; the code has a sentence in both languages. */
  problem: { code: string; at: Millis };
}

/**
 * Small things of the program itself, such as drafts: encrypted beside the history, behind the same lock, and gone when
 * the device is left. Works before joining, too.
 */
export interface Kept {
  get(name: string): Promise<Uint8Array | undefined>;
  /** @param value at most 256 KiB @throws SkrumbleError INPUT_INVALID, STORE_FAILED */
  put(name: string, value: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface Client {
  readonly identity: Identity | undefined;
  checkName(pseudonym: string, wallet?: Address, signal?: AbortSignal): Promise<NameAvailability>;
  join(input: JoinInput): Promise<JoinResult>;
  /** The backup that `join` returned as "registered-with-backup", for as long as this device holds the identity. */
  backup(): Promise<Uint8Array | undefined>;
  /** Forgets this device's keys and history. The registry entry stays. */
  leave(): Promise<void>;
  /** Of the wallet that owns the identity now. @throws SkrumbleError CHAIN_REJECTED, CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED */
  tier(): Promise<TierStatus>;
  /** Link whose fragment carries pseudonym and public ID. The QR code shows the same text. */
  link(): string;
  readonly contacts: {
    list(): Promise<Contact[]>;
    /**
     * Accepts a pseudonym, a link or the text of a QR code. `linkName`: what the link calls the person, where the registry
     * calls them something else: show both.
     */
    find(query: string): Promise<{ publicId: PublicId; pseudonym: string; linkName?: string; known?: Contact }>;
    /** `renew` asks a contact one is connected with for a new session, which replaces the present one. */
    request(publicId: PublicId, note?: string, options?: { renew?: boolean }): Promise<Contact>;
    accept(publicId: PublicId): Promise<Conversation>;
    decline(publicId: PublicId): Promise<void>;
    block(publicId: PublicId): Promise<void>;
    /** Takes a block back; a contact without a conversation is forgotten. */
    unblock(publicId: PublicId): Promise<void>;
    safetyNumber(publicId: PublicId): Promise<string>;
    setVerified(publicId: PublicId, verified: boolean): Promise<void>;
  };
  readonly conversations: {
    list(): Promise<ConversationSummary[]>;
    open(id: ConversationId): Conversation;
  };
  /** Messages of all conversations or of one, the newest first; every word must occur. */
  search(
    query: string,
    options?: { conversationId?: ConversationId; limit?: number; signal?: AbortSignal },
  ): Promise<SearchResult[]>;
  /** Whether others learn that one has read what they wrote. */
  readReceipts(on?: boolean): Promise<boolean>;
  readonly groups: {
    /** Makes a group of oneself and asks contacts into it. */
    create(input: GroupInput): Promise<Conversation>;
    /** Knocks at a group with its link; the "conversation" event tells when somebody has let us in. */
    join(link: string): Promise<{ conversationId: ConversationId; name: string }>;
  };
  /**
   * Contacts, conversations and messages, in a file or at relays, sealed: they open with the identity alone, that is with
   * wallet and security code.
   */
  readonly history: {
    /** For `new Blob(parts)` or a file. @throws SkrumbleError ABORTED */
    save(options?: HistoryOptions): Promise<Uint8Array<ArrayBuffer>[]>;
    /**
     * Adds what is missing here, on any device that has joined. Conversations are entered by themselves, with the help
     * of one's other devices or the other people. @throws SkrumbleError HISTORY_INVALID (damaged, or no such file),
     * HISTORY_NOT_YOURS (another identity's), ABORTED
     */
    restore(file: Uint8Array, options?: HistoryOptions): Promise<HistoryBrought>;
    /**
     * Puts a backup at relays, in the place of the one before: as large and for as long as the person's tier stores anything, 20
     * MiB and 30 days at most. This device makes it anew while its client is open, often enough for it not to end, until
     * `dropBackup`. One that was made under a higher tier stays for its time: it is made anew only once that makes it last longer.
     *
     * @example
     * const { relays, of, messages } = await client.history.backUp();
     * console.log(`${messages.done} of ${messages.total} messages at ${relays} of ${of} relays`);
     *
     * @throws SkrumbleError BACKUP_OVER_TIER (the tier has no room for it; `values` say what it has, what is needed, and what is
     * missing for the next one), RELAY_MAILBOX_FULL, RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, CHAIN_UNREACHABLE,
     * QUORUM_FAILED, ABORTED
     */
    backUp(options?: HistoryOptions): Promise<BackupInfo>;
    /**
     * What the person's tier gives a backup, and which tier gives more.
     *
     * @example
     * const { days, next } = await client.history.backupAllowance();
     * if (next) console.log(`${days} days; ${formatAmount(next.missing, 18, "en")} SKM more make it ${next.days}`);
     *
     * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED: where the chain has never answered before
     */
    backupAllowance(): Promise<BackupAllowance>;
    /** The last one that this device made or restored, and makes anew; undefined when it makes none. */
    lastBackup(): Promise<BackupInfo | undefined>;
    /**
     * Adds what is missing here from the newest backup that relays have, each part from whichever has it. From then on this
     * device makes backups too.
     *
     * @example
     * // On a blank browser, all devices lost, with the wallet and the security code alone:
     * await client.join({ wallet, pseudonym, securityCode, onlyDevice: true });
     * const { made } = await client.history.restoreBackup();
     *
     * @returns when it was made
     * @throws SkrumbleError BACKUP_NOT_FOUND, BACKUP_INCOMPLETE, BACKUP_OUTDATED (there was a newer one: see `older`),
     * BACKUP_INVALID, RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, ABORTED
     */
    restoreBackup(options?: RestoreOptions): Promise<{ made: Millis }>;
    /**
     * Makes no more, on whichever device: says so at the relays first, then deletes it at those that answer; elsewhere it ends with its
     * time, and is not taken in any more. A deletion that was interrupted goes on with the next start.
     * @throws SkrumbleError BACKUP_DROP_WAITS (no relay could be told: it is there still, and is deleted once one can be), ABORTED
     */
    dropBackup(): Promise<void>;
  };
  /** The person's devices, this one among them. */
  readonly devices: Devices;
  readonly calls: {
    /**
     * @throws SkrumbleError CONTACT_UNKNOWN, NOT_CONNECTED, CALL_BUSY, CALL_UNSUPPORTED, CALL_RELAYED_UNAVAILABLE,
     * VIDEO_NOT_IN_TIER, VIDEO_NOT_IN_THEIR_TIER (call without video), IDENTITY_REVOKED, IDENTITY_CHANGED
     */
    start(contact: PublicId, options: { video: boolean; relayedOnly?: boolean }): Promise<Call>;
    current(): Call | undefined;
    /** Why a video call with this person would be refused now, by both people's tiers; undefined where nothing speaks against it. */
    videoProblem(contact: PublicId): Promise<VideoProblem | undefined>;
  };
  readonly money: Money;
  readonly packets: Packets;
  readonly fees: Fees;
  readonly agreements: Agreements;
  readonly kept: Kept;
  relays(): RelayStatus[];
  /** How far what relays say of names, SKM and each other is proven on this network, by the relays that are known now. Asks nobody but for their list. */
  provenance(): Promise<Provenance>;
  on<K extends keyof ClientEvents>(event: K, listener: (value: ClientEvents[K]) => void): () => void;
  /** Waits for the first value of an event that fits. @throws SkrumbleError ABORTED, CLIENT_CLOSED */
  once<K extends keyof ClientEvents>(
    event: K,
    fits?: (value: ClientEvents[K]) => boolean,
    signal?: AbortSignal,
  ): Promise<ClientEvents[K]>;
  /** Flushes what waits to be written and closes every connection. */
  close(): Promise<void>;
}
