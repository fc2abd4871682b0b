import type { OrderEntry } from "@skrumble/sdk/protocol";

/** What the managers of the core are given from outside. None of them knows what stands behind it. */

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
}

/** What a transport may need in front of a frame. */
export const ROOM = 16;

/** The other end of one connection. */
export interface Peer {
  /** Sends one frame and takes over the bytes: the caller must not touch them again. */
  send(frame: Uint8Array): void;
  /** The same for the frame that begins at `start` of a buffer; the ROOM bytes before it may be written over. */
  sendInPlace(buffer: Buffer, start: number): void;
  /** Between these two, frames are gathered and go out together. */
  cork(): void;
  uncork(): void;
  /** Bytes sent but not yet taken by the network. */
  buffered(): number;
  close(code: number, reason: string): void;
}

export interface Crypto {
  random(length: number): Uint8Array;
  /** Ed25519, RFC 8032. False for anything that is not a valid signature, also for a malformed key. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  sha256(data: Uint8Array): Uint8Array;
  hmacSha1Base64(key: string, message: string): string;
}

/** Why the store did not take a deposit. */
export type StoreRefusal = "mailbox-full" | "storage-unavailable";

export interface AckCommand {
  tag: Uint8Array;
  reader: Uint8Array;
  upTo: number;
}

/** Deposits and acknowledgements that are committed together. */
export interface CommitCommand {
  /** Deposit frames from their reqId on, each after a u32 length, one after the other. */
  records: Uint8Array;
  count: number;
  acks: AckCommand[];
  now: number;
}

/** Receipts of one commit in one piece of memory: each stands after ROOM free bytes, in the order of the stored records. */
export interface ReceiptFrames {
  frames: Uint8Array;
  /** Where each ends. */
  ends: Uint32Array;
}

export interface CommitResult {
  /** The records again, so that they can be forwarded without having been kept. */
  records: Uint8Array;
  storedAt: number;
  /** Seq per record, 0 where it was refused. */
  seqs: Float64Array;
  receipts: ReceiptFrames;
  refusals: (StoreRefusal | undefined)[];
}

export interface OpenReaderResult {
  /** Highest seq of the mailbox, 0 when empty. */
  head: number;
  /** Messages above what the reader has. */
  waiting: number;
  refusal?: "too-many-readers" | "storage-unavailable";
}

export interface PageResult {
  /** Message frames for the asking subscription, oldest first. */
  frames: Uint8Array[];
  /** Seq of the last frame, or what was asked for when there is none. */
  last: number;
  /** True when nothing newer was committed at this moment. */
  caughtUp: boolean;
  refusal?: "storage-unavailable";
}

/**
 * Durable mailboxes. Answers come in the order of the questions: whatever a page did not show is announced by a later
 * commit, so a reader misses nothing and sees nothing twice.
 */
export interface MailboxStore {
  commit(command: CommitCommand, done: (result: CommitResult) => void): void;
  openReader(
    query: { tag: Uint8Array; reader: Uint8Array; after: number; now: number },
    done: (result: OpenReaderResult) => void,
  ): void;
  page(
    query: { tag: Uint8Array; after: number; subscription: number; now: number },
    done: (result: PageResult) => void,
  ): void;
}

/** A leaf for the log of its tag, with what it commits to. */
export interface NewOrder {
  leaf: Uint8Array;
  body: Uint8Array;
}

/** Signed places of a log's first leaf and of the asked one, or why it has none. */
export type OrderResult =
  | { first: OrderEntry; own: OrderEntry }
  | { refusal: "order-full" | "order-conflict" | "storage-unavailable" };

export type StoredOrder = OrderEntry & { body: Uint8Array };

/** Durable logs of leaves, each entry signed once and for ever. Rejects when the store cannot be written or read. */
export interface OrderStore {
  /** Appends in this order. A leaf that is there with the same body keeps its place. */
  appendOrders(orders: NewOrder[], now: number): Promise<OrderResult[]>;
  /** By position. */
  orderLog(tag: Uint8Array): Promise<OrderEntry[]>;
  orderEntry(tag: Uint8Array, position: number): Promise<StoredOrder | undefined>;
}

/** A leaf whose root is on chain. */
export interface AnchoredLeaf {
  relayId: number;
  leaf: Uint8Array;
  root: Uint8Array;
  proof: Uint8Array[];
  blockNumber: bigint;
  txHash: Uint8Array;
}

/** Where a root stands on chain. */
export interface AnchorPlace {
  relayId: number;
  blockNumber: bigint;
  txHash: Uint8Array;
}

/** A root that was formed and perhaps sent, but is not known to be on chain. */
export interface OpenBatch {
  root: Uint8Array;
  leaves: Uint8Array[];
}

/** Durable anchor leaves. Rejects when the store cannot be written. */
export interface AnchorStore {
  /**
   * Keeps new leaves before anybody is told that they are pending. Adding one again changes nothing.
   * Per leaf: whether it is kept; not when its tag has too many already.
   */
  addLeaves(leaves: Uint8Array[], now: number): Promise<boolean[]>;
  /** The leaf's proof, when it is anchored already. */
  anchoredLeaf(leaf: Uint8Array): Promise<AnchoredLeaf | undefined>;
  /** What a crash left behind: a formed batch, if any, and leaves of no batch, oldest first. */
  unfinished(): Promise<{ batch: OpenBatch | undefined; leaves: Uint8Array[] }>;
  openBatch(batch: OpenBatch): Promise<void>;
  /** `proofs` in the order of the batch's leaves. */
  closeBatch(batch: OpenBatch, place: AnchorPlace, proofs: Uint8Array[][]): Promise<void>;
  /** Oldest first. */
  byTag(tag: Uint8Array, limit: number): Promise<AnchoredLeaf[]>;
}

/** Writes roots to the chain. */
export interface AnchorChain {
  /** This relay's number in the registry, 0 while it is not registered. */
  relayId(): number;
  /**
   * Resolves once the root is on chain, however long that takes: it waits for a stopped chain and sends again. Asking
   * for a root that is there already resolves with where it stands. Rejects only when the relay shuts down.
   */
  anchor(root: Uint8Array, leaves: number): Promise<AnchorPlace>;
}
