import type { Core } from "../client/core.ts";
import type { Content } from "../conversation/content/schema.ts";
import { codeOf } from "../errors/index.ts";
import type { ConversationId, Hex, MessageId, Millis } from "../types/primitives.ts";
import type { Settled } from "./verify.ts";

/** Payments that this device makes: written down before the wallet is asked, and gone once nothing is left to be done. */

export type PaymentContent = Extract<Content, { kind: "payment" }>;

export interface PaymentInHand {
  conversationId: ConversationId;
  /** Of the message that tells of it. */
  id: MessageId;
  at: Millis;
  content: Omit<PaymentContent, "nonce" | "transaction">;
  /** Wallet it goes to. */
  recipient: Hex;
  /** Of an authorisation; with what the wallet signed, once it did. */
  nonce?: Hex;
  signature?: Hex;
  /** Transactions of the wallet that were mined before it was asked to send this; those that waited as well; and what it sent. */
  count?: number;
  next?: number;
  transaction?: Hex;
  /** Number of that transaction, once nodes have told it; without that, of what the wallet has signed and may have sent. */
  accountNonce?: number;
  /** Hash of what the wallet has signed and may have sent, until it says so. */
  signed?: Hex;
  /** What it takes the place of, oldest first, where that went to another wallet or was signed: that may be mined instead. */
  before?: Attempt[];
  /** It stands in the conversation. */
  told?: true;
  /** It cannot be told of, and this is what the chain showed: it keeps nothing waiting any more, and stays in the history of payments. */
  settled?: Settled;
  /** It cannot be told of, and nobody can say what became of it; looked for again, ever so rarely. */
  unsure?: true;
  /** Of a settled one: the person was refused the same payment once, so they know of it. */
  noticed?: true;
}

interface Attempt {
  recipient: Hex;
  signed?: Hex;
}

/** All that the wallet was asked to send for it, the last one included. */
export const attemptsOf = ({ before = [], recipient, signed }: PaymentInHand): Attempt[] => [
  ...before.filter((one) => one.recipient !== recipient || one.signed !== signed),
  { recipient, ...(signed === undefined ? {} : { signed }) },
];

/** Hashes of what the wallet has signed for it. */
export const signedFor = (record: PaymentInHand): Hex[] =>
  [record.transaction, ...attemptsOf(record).map(({ signed }) => signed)].filter((hash) => hash !== undefined);

const collection = "payment in hand";

export const keepInHand = (core: Core, record: PaymentInHand): Promise<void> =>
  core.vault.write([{ collection, key: record.id, value: record }]);

export const readInHand = (core: Core, id: MessageId): Promise<PaymentInHand | undefined> =>
  core.vault.get<PaymentInHand>(collection, id);

export function letGo(core: Core, { id }: PaymentInHand): Promise<void> {
  inHand(core).searched.delete(id);
  return core.vault.write([{ collection, key: id, delete: true }]);
}

export const allInHand = async (core: Core): Promise<PaymentInHand[]> =>
  (await core.vault.range<PaymentInHand>(collection, { skipDamaged: true })).map(({ value }) => value);

/** A wallet that is being asked by this run. */
export interface Prompt {
  /** The person gave it up: what the wallet says now is not acted on. */
  readonly givenUp: AbortController;
  /** The wallet has agreed; the payment goes its way. */
  answered: boolean;
}

/** What works on payments. */
export interface Work {
  /** Payments that somebody works on in the background of this run. */
  readonly taken: Set<MessageId>;
  /** By payment: those whose wallet is being asked, until they are told of. */
  readonly prompts: Map<MessageId, Prompt>;
  /** By payment: where the next look for it begins; nothing before is it. */
  readonly searched: Map<MessageId, { block: number; nonce?: number }>;
  /** By payment: when nodes were last asked what the wallet sent instead of it. */
  readonly sought: Map<MessageId, Millis>;
  start(task: () => Promise<void>): void;
  idle(): Promise<void>;
}
const works = new WeakMap<Core, Work>();

export function inHand(core: Core): Work {
  const known = works.get(core);
  if (known) return known;
  const tasks = new Set<Promise<void>>();
  const work: Work = {
    taken: new Set(),
    prompts: new Map(),
    searched: new Map(),
    sought: new Map(),
    start(task) {
      const running = task()
        .catch((error) => void (core.signal.aborted || core.problem(codeOf(error))))
        .finally(() => tasks.delete(running));
      tasks.add(running);
    },
    async idle() {
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
  works.set(core, work);
  return work;
}
