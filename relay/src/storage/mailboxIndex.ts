import type { DatabaseSync } from "node:sqlite";

/** What lies in one mailbox: seqs of its messages, oldest first, and the size of all of them. */
export interface Mailbox {
  readonly id: number;
  readonly key: string;
  seqs: number[];
  bytes: number;
  /** Some device of its owner has read it at least once. */
  opened: boolean;
}

/** Mailboxes without messages that are remembered, because somebody may read or write them again soon. */
const REMEMBERED = 50_000;

/**
 * Which messages each mailbox has, kept in memory (8 bytes a message) and read anew at the start. An index on disk would
 * touch a page per mailbox in every commit and so triple what has to be written.
 */
export function createMailboxIndex(db: DatabaseSync) {
  const find = db.prepare("SELECT id, opened FROM mailbox WHERE tag = ?");
  const add = db.prepare("INSERT INTO mailbox (tag) VALUES (?) RETURNING id");
  const byKey = new Map<string, Mailbox>();
  const byId = new Map<number, Mailbox>();
  let created: Mailbox[] = [];

  function remember(id: number, key: string, opened: boolean): Mailbox {
    if (byKey.size >= REMEMBERED) forgetSome();
    const mailbox: Mailbox = { id, key, seqs: [], bytes: 0, opened };
    byKey.set(key, mailbox);
    byId.set(id, mailbox);
    return mailbox;
  }

  function forget(mailbox: Mailbox): void {
    byKey.delete(mailbox.key);
    byId.delete(mailbox.id);
  }

  function forgetSome(): void {
    let looked = 0;
    for (const mailbox of byKey.values()) {
      if (mailbox.seqs.length === 0) forget(mailbox);
      if (++looked >= 100) return;
    }
  }

  const messages = db.prepare("SELECT id, mailbox, length(payload) AS bytes FROM message ORDER BY id");
  const tagOf = db.prepare("SELECT tag, opened FROM mailbox WHERE id = ?");
  for (const row of messages.iterate() as Iterable<{ id: number; mailbox: number; bytes: number }>) {
    let mailbox = byId.get(row.mailbox);
    if (!mailbox) {
      const { tag, opened } = tagOf.get(row.mailbox) as { tag: Uint8Array; opened: number };
      mailbox = remember(row.mailbox, keyOf(tag), opened === 1);
    }
    mailbox.seqs.push(row.id);
    mailbox.bytes += row.bytes;
  }

  return {
    get(tag: Uint8Array): Mailbox | undefined {
      const key = keyOf(tag);
      const known = byKey.get(key);
      if (known) return known;
      const row = find.get(tag) as { id: number; opened: number } | undefined;
      return row && remember(row.id, key, row.opened === 1);
    },
    getOrAdd(tag: Uint8Array): Mailbox {
      const known = this.get(tag);
      if (known) return known;
      const { id } = add.get(tag) as { id: number };
      const mailbox = remember(id, keyOf(tag), false);
      created.push(mailbox);
      return mailbox;
    },
    byId: (id: number) => byId.get(id),
    all: () => byKey.values(),
    forget,
    /** What was added since the last of these two is there to stay, or never was. */
    settle(committed: boolean): void {
      if (!committed) for (const mailbox of created) forget(mailbox);
      created = [];
    },
  };
}

export type MailboxIndex = ReturnType<typeof createMailboxIndex>;

/** Place of the first seq above `after`. */
export function firstAbove(seqs: readonly number[], after: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seqs[middle] as number) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf(tag: Uint8Array): string {
  return Buffer.from(tag.buffer, tag.byteOffset, tag.byteLength).toString("latin1");
}
