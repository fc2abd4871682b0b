import type { DatabaseSync } from "node:sqlite";
import { firstAbove, type Mailbox, type MailboxIndex } from "./mailboxIndex.ts";

export const SWEEP_ROWS = 2_000;

/** A message that is out of the database and of the index. */
export interface Removed {
  mailbox: Mailbox;
  seq: number;
  bytes: number;
}

/** Ways to make room. All run inside a transaction of the caller, who hands what was removed to `putBack` if that fails. */
export function createRemoval(db: DatabaseSync, index: MailboxIndex) {
  const sql = {
    remove: db.prepare("DELETE FROM message WHERE id = ? RETURNING length(payload) AS bytes"),
    removeExpired: db.prepare(
      `DELETE FROM message WHERE id IN (SELECT id FROM message WHERE expiresAt <= ? ORDER BY expiresAt LIMIT ${SWEEP_ROWS})
       RETURNING id, mailbox, length(payload) AS bytes`,
    ),
    mostAcked: db.prepare("SELECT max(acked) AS acked FROM reader WHERE mailbox = ?"),
  };

  function oldest(mailbox: Mailbox, removed: Removed[]): void {
    const seq = mailbox.seqs.shift() as number;
    const bytes = (sql.remove.get(seq)?.bytes as number | undefined) ?? 0;
    mailbox.bytes -= bytes;
    removed.push({ mailbox, seq, bytes });
  }

  return {
    /** Deletes some of what is out of date; returns how many rows that were, SWEEP_ROWS when there may be more. */
    expired(at: number, removed: Removed[]): number {
      const rows = sql.removeExpired.all(at) as { id: number; mailbox: number; bytes: number }[];
      for (const { id, mailbox: mailboxId, bytes } of rows) {
        const mailbox = index.byId(mailboxId);
        const place = mailbox ? firstAbove(mailbox.seqs, id) - 1 : -1;
        if (!mailbox || mailbox.seqs[place] !== id) continue;
        mailbox.seqs.splice(place, 1);
        mailbox.bytes -= bytes;
        removed.push({ mailbox, seq: id, bytes });
      }
      return rows.length;
    },

    /** Deletes the oldest messages that at least one device has, until `fits`. */
    acknowledged(mailbox: Mailbox, fits: () => boolean, removed: Removed[]): void {
      const { acked } = sql.mostAcked.get(mailbox.id) as { acked: number | null };
      while (acked && mailbox.seqs.length > 0 && (mailbox.seqs[0] as number) <= acked && !fits())
        oldest(mailbox, removed);
    },

    /** Deletes what lies in mailboxes nobody ever opened, the fullest first, until so many bytes are free. */
    unopened(bytes: number, removed: Removed[]): void {
      const candidates = [...index.all()].filter(({ opened, seqs }) => !opened && seqs.length > 0);
      let freed = 0;
      for (const mailbox of candidates.sort((a, b) => b.bytes - a.bytes)) {
        if (freed >= bytes) return;
        freed += mailbox.bytes;
        while (mailbox.seqs.length > 0) oldest(mailbox, removed);
      }
    },

    putBack(removed: readonly Removed[]): void {
      for (const { mailbox, seq, bytes } of removed) {
        mailbox.seqs.splice(firstAbove(mailbox.seqs, seq), 0, seq);
        mailbox.bytes += bytes;
      }
    },
  };
}
