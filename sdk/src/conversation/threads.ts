import { decodeGroup, encodeGroup, type MlsGroup } from "../crypto/mls/group.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { Certificate, DeliveryState, MessageBody } from "../types/client.ts";
import type { ConversationId, Hex, MessageId, Millis, PublicId } from "../types/primitives.ts";

/** One MLS group with one device of the other person. */
export interface SessionRecord {
  /** 16 random bytes, hex: tells the members which group a sealed message belongs to. */
  route: string;
  /** The other person's device key. */
  device: Hex;
  since: Millis;
  /** Counter of the last text sent here. */
  sent: number;
  /** Highest counter received, and the holes below it. */
  received: number;
  missing: number[];
  /** The registry no longer lists the device: nothing is sent to it. */
  removed?: boolean;
  /** When another session took its place: it only receives; see replaced.ts. */
  replaced?: Millis;
}

/** A conversation with one person. */
export interface Thread {
  id: ConversationId;
  publicId: PublicId;
  /** Number of the next message in the local history. */
  next: number;
  unread: number;
  certificate: StoredCertificate;
  /** Whether this side made the group and therefore anchors its start. */
  creator: boolean;
  sessions: SessionRecord[];
  /** Received, and not yet confirmed to the sender. */
  unconfirmed: MessageId[];
}

export type StoredCertificate =
  | Exclude<Certificate, { state: "certified" }>
  | { state: "certified"; at: Millis; blockNumber: string; relay: string; root: Hex; transaction?: Hex };

export interface StoredMessage {
  id: MessageId;
  number: number;
  outgoing: boolean;
  at: Millis;
  body: MessageBody;
  delivery: DeliveryState;
  replicas?: { stored: number; of: number };
  error?: { code: string };
  /** Session and counter it was sent under, per session. */
  sentAs?: Record<string, number>;
}

const threadsAt = "thread";
const groupsAt = "group";
const messagesAt = (id: ConversationId) => `messages ${id}`;
const numbersAt = (id: ConversationId) => `message numbers ${id}`;
const sentAt = (route: string) => `sent ${route}`;

/** Conversations and their history. Writers hold the conversation's lane (see Core.serial). */
export interface Threads {
  get(id: ConversationId): Thread | undefined;
  all(): Thread[];
  byRoute(route: string): { thread: Thread; session: SessionRecord } | undefined;
  group(route: string): Promise<MlsGroup>;
  /** Writes changed threads, groups and messages with other records at once; memory follows when it is safe on disk. */
  save(change: ThreadChange): Promise<void>;
  message(id: ConversationId, messageId: MessageId): Promise<StoredMessage | undefined>;
  /** Newest last. */
  messages(id: ConversationId, page: { before?: number; limit: number }): Promise<StoredMessage[]>;
  /** Which text was sent under a counter of a session. */
  sentUnder(route: string, counter: number): Promise<MessageId | undefined>;
}

export interface ThreadChange {
  thread: Thread;
  groups?: ReadonlyMap<string, MlsGroup>;
  messages?: StoredMessage[];
  also?: VaultOp[];
}

export async function openThreads(vault: Vault): Promise<Threads> {
  const rows = await vault.range<Thread>(threadsAt);
  const threads = new Map(rows.map(({ value }) => [value.id, value]));
  const routes = new Map<string, ConversationId>();
  const groups = new Map<string, MlsGroup>();
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
      const known = groups.get(route);
      if (known) return known;
      const bytes = await vault.get<Uint8Array>(groupsAt, route);
      if (!bytes) throw new SkrumbleError("STORE_CORRUPT", { details: "A group is missing." });
      const group = decodeGroup(bytes);
      groups.set(route, group);
      return group;
    },
    async save({ thread, groups: changed = new Map(), messages = [], also = [] }) {
      const before = threads.get(thread.id);
      const dropped = (before?.sessions ?? []).filter(({ route }) => !thread.sessions.some((s) => s.route === route));
      await vault.write([
        { collection: threadsAt, key: thread.id, value: thread },
        ...[...changed].map(([route, group]) => ({ collection: groupsAt, key: route, value: encodeGroup(group) })),
        ...dropped.map(({ route }) => ({ collection: groupsAt, key: route, delete: true }) as const),
        ...messages.flatMap((message) => messageOps(thread.id, message)),
        ...also,
      ]);
      threads.set(thread.id, thread);
      for (const [route, group] of changed) groups.set(route, group);
      for (const { route } of dropped) {
        routes.delete(route);
        groups.delete(route);
      }
      index(thread);
    },
    async message(id, messageId) {
      const number = await vault.get<number>(numbersAt(id), messageId);
      return number === undefined ? undefined : vault.get<StoredMessage>(messagesAt(id), number);
    },
    async messages(id, { before, limit }) {
      const page = { limit, reverse: true, ...(before === undefined ? {} : { before }) };
      const found = await vault.range<StoredMessage>(messagesAt(id), page);
      return found.map(({ value }) => value).reverse();
    },
    sentUnder: (route, counter) => vault.get<MessageId>(sentAt(route), counter),
  };
}

function messageOps(id: ConversationId, message: StoredMessage): VaultOp[] {
  return [
    { collection: messagesAt(id), key: message.number, value: message },
    { collection: numbersAt(id), key: message.id, value: message.number },
    ...Object.entries(message.sentAs ?? {}).map(([route, counter]) => ({
      collection: sentAt(route),
      key: counter,
      value: message.id,
    })),
  ];
}
