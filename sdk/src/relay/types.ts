import type { OrderEntry } from "../protocol/index.ts";
import type { RelayStatus } from "../types/client.ts";
import type { Hex, Millis, PublicId } from "../types/primitives.ts";

/** A relay as the on-chain registry describes it. */
export interface RelayInfo {
  id: number;
  /** Base URL, http(s); the WebSocket is at `/v1` of it, JSON-RPC at `/rpc`. */
  endpoint: string;
  region: string;
  /** Bits of the registry: 1 mailbox, 2 anchor, 4 TURN, 8 bridge, 16 storage. */
  roles: number;
  /** Ed25519 key (32 bytes) that signs this relay's storage receipts. */
  signingKey: Hex;
}

/** A relay's signed word that it stored a payload durably. Verified before anybody sees it. */
export interface StorageReceipt {
  relayId: number;
  /** Mailbox tag. */
  tag: Uint8Array;
  /** SHA-256 of the payload. */
  payloadHash: Uint8Array;
  seq: bigint;
  storedAt: Millis;
  expiresAt: Millis;
  /** Sibling hashes from the leaf up to the signed root. */
  proof: Uint8Array[];
  /** Ed25519 signature of the relay over the root. */
  signature: Uint8Array;
}

/** A relay's signed word about one leaf: where it stands, and what stands first. Verified before anybody sees it. */
export interface Ordered {
  /** Entry 0 of the log: the leaf this relay votes for. */
  first: OrderEntry;
  own: OrderEntry;
}

export type OrderedBody = OrderEntry & { body: Uint8Array };

/** Proof that a 96-byte leaf stands under a root which relay `relayId` put on chain. */
export interface AnchorProof {
  /** tag 32 ‖ commitment 32 ‖ mac 32. */
  leaf: Uint8Array;
  relayId: number;
  root: Hex;
  proof: Hex[];
  blockNumber: bigint;
  txHash: Hex;
}

/** Where reading of one mailbox stands at each relay. Must survive a restart; lost, messages are only seen again. */
export interface CursorStore {
  get(relayId: number): Promise<bigint | undefined>;
  set(relayId: number, seq: bigint): Promise<void>;
}

/** The identity key's word for a device key: signature over `deviceCertMessage` of the protocol. */
export interface DeviceCert {
  keyVersion: number;
  issuedAt: Millis;
  /** Ed25519, 64 bytes, by the identity key. */
  signature: Uint8Array;
}

export interface MailboxOwner {
  publicId: PublicId;
  /** Ed25519 device key, 32 bytes. */
  deviceKey: Uint8Array;
  deviceCert: DeviceCert;
  /** Ed25519 signature by the device key. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Random 16 bytes that stay the same for this device. */
  reader: Uint8Array;
  cursors: CursorStore;
}

export interface IncomingPayload {
  payload: Uint8Array;
  relayId: number;
  /** 0 for an ephemeral payload, which no relay keeps. */
  seq: bigint;
  storedAt: Millis;
  /** Lets the relay delete it before the handler resolves. Not needed otherwise. */
  ack(): void;
}

/** A payload that a relay keeps. */
export type StoredPayload = Omit<IncomingPayload, "ack">;

export interface Subscription {
  /** Resolves when at least one relay serves the mailbox. */
  ready: Promise<void>;
  close(): Promise<void>;
}

export interface DepositOptions {
  /** 1 s to 30 days. */
  ttlSeconds: number;
  /** Forwarded only if somebody listens now; never stored, never receipted. */
  ephemeral?: boolean;
  /** Ids of relays that have stored it earlier: they count, and are not asked again. */
  storedAt?: readonly number[];
  signal?: AbortSignal;
  /** Called for every further relay that stored it, also after `deposit` has resolved. */
  onReceipt?: (receipt: StorageReceipt, stored: number, of: number) => void;
}

export interface RelayPoolOptions {
  directory: () => Promise<RelayInfo[]>;
  /** `globalThis.WebSocket` unless given. */
  webSocket?: typeof WebSocket;
  clock?: RelayClock;
  /** Cryptographically strong random bytes; `crypto.getRandomValues` unless given. */
  random?: (length: number) => Uint8Array;
  limits?: Partial<RelayPoolLimits>;
}

/** Time, injected so that tests decide when it passes. */
export interface RelayClock {
  now(): Millis;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** All in milliseconds. */
export interface RelayPoolLimits {
  connectTimeout: number;
  requestTimeout: number;
  /** How long `deposit` may look for a first relay, and `order` and `orderLog` for theirs, before they reject. */
  depositTimeout: number;
  anchorTimeout: number;
  backoffMin: number;
  backoffMax: number;
  /** An anonymous connection nobody used for so long is closed. */
  idleClose: number;
  /** Silence after which a connection is asked for a pong, and dropped without one. */
  pingInterval: number;
  /** The directory is read again after half to all of this, */
  directoryRefresh: number;
  /** and when a relay lied or a connection came back, but not sooner than this after the last time. */
  directoryPause: number;
}

/** Everything a client does with relays: connections, fail-over, receipts, subscriptions. */
export interface RelayPool {
  /** Reads the directory again. Throws only when none was ever read: what the directory threw, or NETWORK_UNREACHABLE. */
  refresh(): Promise<void>;
  /** The k = 3 relays (fewer when fewer exist) that keep this person's mailbox, best first. */
  relaysFor(publicId: PublicId): RelayInfo[];
  /** A relay of the directory as it was last read. */
  relay(id: number): RelayInfo | undefined;
  /**
   * Puts a sealed payload (a padding class long) into a person's mailbox. Resolves when the first relay stored it and goes
   * on with the others in the background until all did or the TTL is over.
   * @throws SkrumbleError INPUT_INVALID, RELAY_NONE, NETWORK_UNREACHABLE, RELAY_MAILBOX_FULL, RELAY_REFUSED, RELAY_LIED, ABORTED, CLIENT_CLOSED
   */
  deposit(to: PublicId, payload: Uint8Array, options: DepositOptions): Promise<{ stored: number; of: number }>;
  /**
   * Reads one's own mailbox at all its relays. `onPayload` runs for one payload at a time and never twice for the same one
   * in a row of 4096; a payload is acknowledged after it resolved, and comes again if it rejects.
   */
  own(owner: MailboxOwner, onPayload: (incoming: IncomingPayload) => Promise<void>): Subscription;
  /**
   * Reads once what one's mailbox holds at all its relays, copies included; at each oldest first. Nothing is acknowledged.
   * @returns ids of the relays that answered
   * @throws SkrumbleError RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, ABORTED, CLIENT_CLOSED
   */
  readStored(
    owner: Omit<MailboxOwner, "cursors">,
    onPayload: (stored: StoredPayload) => void,
    options?: { signal?: AbortSignal },
  ): Promise<number[]>;
  /**
   * Has relays delete what the mailbox holds there up to a seq, as far as other readers are done with it too.
   * @param upTo by relay; one that does not answer is passed over
   * @throws SkrumbleError ABORTED, CLIENT_CLOSED
   */
  dropStored(
    owner: Omit<MailboxOwner, "cursors">,
    upTo: ReadonlyMap<number, bigint>,
    options?: { signal?: AbortSignal },
  ): Promise<void>;
  /**
   * Has a 96-byte leaf put on chain. The Merkle proof is checked; whether the root is on chain is for the caller to check.
   * @throws SkrumbleError INPUT_INVALID, RELAY_NONE, ANCHOR_FAILED, ABORTED, CLIENT_CLOSED
   */
  anchor(leaf: Uint8Array, options?: { signal?: AbortSignal }): Promise<AnchorProof>;
  /**
   * Proofs of leaves with this 32-byte tag that any relay knows, earliest first.
   * @throws SkrumbleError RELAY_NONE, NETWORK_UNREACHABLE (none answered), CLIENT_CLOSED
   */
  queryAnchor(tag: Uint8Array): Promise<AnchorProof[]>;
  /**
   * Appends a 96-byte leaf (tag 32 ‖ commitment 32 ‖ mac 32) and its body (a padding class long) to the log of the tag at
   * one relay. Asking again with the same leaf and body gives the same entries. Two entries of one relay that differ at
   * one position prove that it lied: `isOrderEquivocation` of the protocol.
   * @throws SkrumbleError INPUT_INVALID, RELAY_NONE (no such relay), NETWORK_UNREACHABLE, RELAY_LIED, ABORTED, CLIENT_CLOSED,
   *   RELAY_REFUSED with the relay's reason as details: order-full, order-conflict (the leaf is there with another body), ...
   */
  order(relayId: number, leaf: Uint8Array, body: Uint8Array, options?: { signal?: AbortSignal }): Promise<Ordered>;
  /**
   * The log of a 32-byte tag at one relay, by position, with bodies of 512 KiB at most together; empty when there is none.
   * @throws SkrumbleError as `order`
   */
  orderLog(relayId: number, tag: Uint8Array, options?: { signal?: AbortSignal }): Promise<OrderedBody[]>;
  /** TURN servers with short-lived credentials; empty when no relay offers any. */
  turn(): Promise<RTCIceServer[]>;
  status(): RelayStatus[];
  on(event: "status", listener: (status: RelayStatus[]) => void): () => void;
  close(): Promise<void>;
}
