import type { OrderEntry } from "@skrumble/sdk/protocol";
import type {
  AnchoredLeaf,
  AnchorPlace,
  CommitCommand,
  CommitResult,
  NewOrder,
  OpenBatch,
  OpenReaderResult,
  OrderResult,
  PageResult,
  StoredOrder,
} from "../core/ports.ts";

/** Questions to the storage worker and their answers. Everything here survives structured cloning. */
export interface Questions {
  commit: [command: CommitCommand, answer: CommitResult];
  openReader: [query: { tag: Uint8Array; reader: Uint8Array; after: number; now: number }, answer: OpenReaderResult];
  page: [query: { tag: Uint8Array; after: number; subscription: number; now: number }, answer: PageResult];
  sweep: [query: { now: number }, answer: { more: boolean }];
  addLeaves: [query: { leaves: Uint8Array[]; now: number }, answer: boolean[]];
  anchoredLeaf: [query: { leaf: Uint8Array }, answer: AnchoredLeaf | undefined];
  unfinished: [query: undefined, answer: { batch: OpenBatch | undefined; leaves: Uint8Array[] }];
  openBatch: [query: OpenBatch, answer: undefined];
  closeBatch: [query: { batch: OpenBatch; place: AnchorPlace; proofs: Uint8Array[][] }, answer: undefined];
  byTag: [query: { tag: Uint8Array; limit: number }, answer: AnchoredLeaf[]];
  appendOrders: [query: { orders: NewOrder[]; now: number }, answer: OrderResult[]];
  orderLog: [query: { tag: Uint8Array }, answer: OrderEntry[]];
  orderEntry: [query: { tag: Uint8Array; position: number }, answer: StoredOrder | undefined];
  close: [query: undefined, answer: undefined];
}

export type QuestionName = keyof Questions;

export interface Question<N extends QuestionName = QuestionName> {
  id: number;
  name: N;
  query: Questions[N][0];
}

export type Answer =
  | { id: number; value: unknown; error?: undefined }
  /** `error` is a fixed word, never SQLite's text, which may quote data. */
  | { id: number; error: "full" | "failed" }
  | { id: 0; state: StorageState };

/** What the store says about itself when that changes. */
export interface StorageState {
  /** False from a failed write until the next one that works. */
  writable: boolean;
  /** File a damaged database was moved to since this process began. */
  setAside?: string;
  /** SQLite's error number, for the operator. */
  errorCode?: number;
}

export interface WorkerSettings {
  folder: string;
  maxBytes: number;
  mailboxMessages: number;
  mailboxBytes: number;
  unopenedBytes: number;
  unopenedTtlSeconds: number;
  /** Ed25519 seed. */
  signingSeed: Uint8Array;
  now: number;
}
