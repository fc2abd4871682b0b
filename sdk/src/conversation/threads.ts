import { decodeGroup, encodeGroup, type MlsGroup } from "../crypto/mls/state.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { Certificate, ConversationFlags } from "../types/client.ts";
import type { ConversationId, Hex, MessageId, Millis, PublicId } from "../types/primitives.ts";
import type { EpochRecord } from "./commit/record.ts";
import type { ContentEvent, HistoryMessage } from "./content/types.ts";
import type { GroupDevice } from "./group/authorise.ts";
import type { GroupState } from "./group/state.ts";
import { forgetGroup, groupOps, readGroup } from "./groupRecords.ts";
import { type PageBounds, readMessage, readNewest, readPage } from "./history/page.ts";
import { messagesAt, numbersAt } from "./history/places.ts";
import type { Sharing } from "./sharing/send.ts";
import { readThread, readThreads, threadOps } from "./threadRecords.ts";

/** One MLS group (RFC 9420) whose leaves are the devices of everybody in the conversation. */
export interface SessionRecord {
  /** 16 random bytes, hex: tells the members which group a sealed message belongs to. */
  route: string;
  since: Millis;
  epoch: number;
  /** When it began here. */
  epochAt: Millis;
  /** 16 bytes, hex: tells this epoch from a fork of it. */
  branch: string;
  /** Counter of the last text this device sent here. */
  sent: number;
  /** The epoch in which this device came in. */
  joined: number;
  /**
   * Counter of this device when each other device came in: it is not told again what was said before. Of those who are out and
   * whose person belongs too: they may come back.
   */
  came: Record<Hex, number>;
  /** What came of the other devices, by device key. */
  received: Record<Hex, Received>;
  /** Since when nothing is sent here any more: another group took its place, or this device was removed. */
  closed?: Millis;
}

export interface Received {
  /** Highest counter, and the holes below it. */
  n: number;
  missing: number[];
}

/** A conversation with one person ("pair") or many. The last session is the one that counts; others only receive. */
export interface Thread {
  id: ConversationId;
  kind: GroupState["kind"];
  /** The other person of a pair. */
  publicId?: PublicId;
  /** The present group's state and devices. */
  state: GroupState;
  devices: GroupDevice[];
  /** Number of the next message in the local history. */
  next: number;
  unread: number;
  certificate: StoredCertificate;
  /** Whether this side made the group and therefore anchors its start. */
  creator: boolean;
  sessions: SessionRecord[];
  /** Received, and not yet confirmed to who sent it. */
  unconfirmed: { id: MessageId; from: PublicId }[];
  /** What this device shares with whom, in turn: each until all of it is on its way. */
  sharing?: Sharing[];
  /** How many messages from before this person came were taken from others. */
  shared?: number;
  /** Who belonged once and does not now. */
  gone?: PublicId[];
  /** Why one is no longer in the group. */
  left?: "left" | "removed";
  flags?: ConversationFlags;
}

export type StoredCertificate =
  | Exclude<Certificate, { state: "certified" }>
  | { state: "certified"; at: Millis; blockNumber: string; relay: string; root: Hex; transaction?: Hex };

const sentAt = (route: string) => `sent ${route}`;
const epochsAt = (route: string) => `epochs ${route}`;
const pastGroupsAt = (route: string) => `past groups ${route}`;

/** Epochs one can go back to. */
export const keptEpochs = 5;

/** Conversations and their history. Writers hold the conversation's lane (see Core.serial). */
export interface Threads {
  get(id: ConversationId): Thread | undefined;
  all(): Thread[];
  byRoute(route: string): { thread: Thread; session: SessionRecord } | undefined;
  group(route: string): Promise<MlsGroup>;
  /** Epochs that were left, the newest first. */
  epochs(route: string): Promise<EpochRecord[]>;
  /** The group as it was when an epoch was left. */
  pastGroup(route: string, epoch: number): Promise<MlsGroup | undefined>;
  /** Writes changed threads, groups and messages with other records at once; memory follows when it is safe on disk. */
  save(change: ThreadChange): Promise<void>;
  message(id: ConversationId, messageId: MessageId): Promise<HistoryMessage | undefined>;
  /** Newest last. */
  messages(id: ConversationId, page: PageBounds): Promise<HistoryMessage[]>;
  /** The newest message of each thread, in the order asked for. */
  newest(threads: readonly Thread[]): Promise<(HistoryMessage | undefined)[]>;
  /** Number for the next message of a conversation that has no thread (yet, or any more): after what is there. */
  nextNumber(id: ConversationId): Promise<number>;
  /** What was sent under a counter of a session. */
  sentUnder(route: string, counter: number): Promise<SentRecord | undefined>;
  /** A record of an epoch that was left, with more evidence. */
  keepEpoch(route: string, record: EpochRecord): Promise<void>;
}

export interface ThreadChange {
  thread: Thread;
  groups?: ReadonlyMap<string, MlsGroup>;
  /** An epoch that is left now, with the group as it was. */
  left?: { route: string; record: EpochRecord; group: MlsGroup };
  /** Epochs that turned out not to count. */
  undone?: { route: string; epochs: number[] };
  messages?: HistoryMessage[];
  also?: VaultOp[];
}

export async function openThreads(vault: Vault): Promise<Threads> {
  const threads = new Map((await readThreads(vault)).map((thread) => [thread.id, thread]));
  const routes = new Map<string, ConversationId>();
  const groups = new Map<string, MlsGroup>();
  /** Asked for with every message that fits no epoch. */
  const epochs = new Map<string, EpochRecord[]>();
  const index = (thread: Thread) => {
    for (const session of thread.sessions) routes.set(session.route, thread.id);
  };
  for (const thread of threads.values()) index(thread);

  return {
    get: (id) => threads.get(id),
    all: () => [...threads.values()],
    byRoute(route) {
      const thread = threads.get(routes.get(route) ?? "");
      const session = thread?.sessions.find((candidate) => candidate.route === route);
      return thread && session ? { thread, session } : undefined;
    },
    async group(route) {
      // What was read while somebody else went on with the group is behind: it would use keys a second time.
      const group = groups.get(route) ?? (await readGroup(vault, route));
      const known = groups.get(route) ?? group;
      groups.set(route, known);
      return known;
    },
    async epochs(route) {
      const known = epochs.get(route);
      if (known) return known;
      const rows = await vault.range<EpochRecord>(epochsAt(route), { reverse: true });
      const found = rows.map(({ value }) => value);
      epochs.set(route, found);
      return found;
    },
    async pastGroup(route, epoch) {
      const bytes = await vault.get<Uint8Array>(pastGroupsAt(route), epoch);
      return bytes && decodeGroup(bytes);
    },
    async save({ thread, groups: changed = new Map(), left, undone, messages = [], also = [] }) {
      const before = threads.get(thread.id);
      const dropped = (before?.sessions ?? []).filter(({ route }) => !thread.sessions.some((s) => s.route === route));
      const ops: VaultOp[] = [
        ...threadOps(before, thread),
        ...[...changed].flatMap(([route, group]) => groupOps(route, groups.get(route), group)),
        ...dropped.flatMap(({ route }) => forgetGroup(route)),
        ...dropped.flatMap(({ route, epoch }) => forgetBefore(route, epoch, keptEpochs)),
        ...(left ? leaveEpoch(left) : []),
        ...(undone ? undone.epochs.flatMap((epoch) => forgetEpoch(undone.route, epoch)) : []),
        ...messages.flatMap((message) => messageOps(thread.id, message)),
        ...also,
      ];
      try {
        await vault.write(ops);
      } catch (error) {
        // It may be on disk all the same, with a message that goes out after a restart. What is there counts: its key would
        // be used twice.
        for (const route of [...changed.keys(), left?.route, undone?.route]) {
          groups.delete(route ?? "");
          epochs.delete(route ?? "");
        }
        const found = await readThread(vault, thread.id).catch(() => undefined);
        if (found) threads.set(thread.id, found);
        if (found) index(found);
        throw error;
      }
      threads.set(thread.id, thread);
      for (const route of [left?.route, undone?.route, ...dropped.map((one) => one.route)]) epochs.delete(route ?? "");
      for (const [route, group] of changed) groups.set(route, group);
      for (const { route } of dropped) {
        routes.delete(route);
        groups.delete(route);
      }
      index(thread);
    },
    async message(id, messageId) {
      const found = await readMessage(vault, id, messageId);
      return found === "gone" ? undefined : found;
    },
    messages: (id, page) => readPage(vault, id, page),
    newest: (some) => readNewest(vault, some),
    async nextNumber(id) {
      const [last] = await readPage(vault, id, { limit: 1 });
      return (last?.number ?? 0) + 1;
    },
    sentUnder: (route, counter) => vault.get<SentRecord>(sentAt(route), counter),
    async keepEpoch(route, record) {
      await vault.write([{ collection: epochsAt(route), key: record.epoch, value: record }]);
      epochs.delete(route);
    },
  };
}

const leaveEpoch = ({ route, record, group }: NonNullable<ThreadChange["left"]>): VaultOp[] => [
  { collection: epochsAt(route), key: record.epoch, value: record },
  { collection: pastGroupsAt(route), key: record.epoch, value: encodeGroup(group) },
  ...forgetBefore(route, record.epoch - keptEpochs + 1, 1),
];

/** The last `count` epochs before one. */
const forgetBefore = (route: string, before: number, count: number): VaultOp[] =>
  Array.from({ length: count }, (_, i) => before - 1 - i)
    .filter((epoch) => epoch >= 0)
    .flatMap((epoch) => forgetEpoch(route, epoch));

const forgetEpoch = (route: string, epoch: number): VaultOp[] => [
  { collection: epochsAt(route), key: epoch, delete: true },
  { collection: pastGroupsAt(route), key: epoch, delete: true },
];

const messageOps = (id: ConversationId, message: HistoryMessage): VaultOp[] => [
  { collection: messagesAt(id), key: message.number, value: message },
  { collection: numbersAt(id), key: message.id, value: message.number },
];

/** What has to be said again to somebody who missed a counter: a message as it is now, or a word about one. */
export type SentRecord = { message: MessageId } | { event: ContentEvent };

/** Of one group; nobody asks for what is further back than their list of holes is long. */
const keptSent = 1024;

export const sentOps = ({ route, n }: { route: string; n: number }, record: SentRecord): VaultOp[] => [
  { collection: sentAt(route), key: n, value: record },
  ...(n > keptSent ? [{ collection: sentAt(route), key: n - keptSent, delete: true } as const] : []),
];
