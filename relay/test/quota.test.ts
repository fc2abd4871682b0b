import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeFrame } from "@skrumble/sdk/protocol";
import { expect, onTestFinished, test } from "vitest";
import { signingKeyFromSeed } from "../src/ed25519.ts";
import { openDatabase, removeOldDamaged } from "../src/storage/database.ts";
import { createMailboxes, type MailboxLimits } from "../src/storage/mailboxes.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const LIMITS: MailboxLimits = { messages: 1000, bytes: 4096, unopenedBytes: 2048, unopenedTtlSeconds: 7 * 86_400 };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "skrumble-store-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function openStore(changes: Partial<MailboxLimits> = {}, maxBytes = 64 * 1024 * 1024) {
  const { db } = openDatabase({ folder: folder(), maxBytes, now: START });
  onTestFinished(() => db.close());
  const boxes = createMailboxes(db, { ...LIMITS, ...changes }, signingKeyFromSeed(randomBytes(32)), START);
  return {
    db,
    boxes,
    /** Deposits one message; its seq, or why not. */
    put(tag: Uint8Array, at: number, { size = 1024, ttl = 3600 } = {}) {
      const { seqs, refusals } = boxes.deposit({ records: record(tag, size, ttl), count: 1, acks: [], now: at });
      return refusals[0] ?? (seqs[0] as number);
    },
    seqs(tag: Uint8Array, at: number): number[] {
      const found: number[] = [];
      for (let page = boxes.page(tag, 0, 1, at); ; page = boxes.page(tag, page.last, 1, at)) {
        for (const bytes of page.frames) {
          const frame = decodeFrame(bytes);
          if (frame.frame === "message") found.push(Number(frame.seq));
        }
        if (page.caughtUp) return found;
      }
    },
    count: (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n,
  };
}

function record(tag: Uint8Array, size: number, ttl: number): Buffer {
  const bytes = Buffer.alloc(4 + 41 + size);
  bytes.writeUInt32BE(41 + size);
  bytes.set(tag, 8);
  bytes.writeUInt32BE(ttl, 40);
  return bytes;
}

test("a full mailbox gives up first what one device has, oldest first, and nothing that no device has", () => {
  const { boxes, put, seqs } = openStore();
  const tag = randomBytes(32);
  const phone = randomBytes(16);
  boxes.openReader(tag, phone, START);
  boxes.openReader(tag, randomBytes(16), START);
  const first = [1, 2, 3, 4].map(() => put(tag, START) as number);
  expect(put(tag, START)).toBe("mailbox-full");
  boxes.acknowledge([{ tag, reader: phone, upTo: first[1] as number }], START);
  expect(seqs(tag, START)).toEqual(first);
  const fifth = put(tag, START) as number;
  expect(seqs(tag, START)).toEqual([...first.slice(1), fifth]);
  const sixth = put(tag, START) as number;
  expect(seqs(tag, START)).toEqual([...first.slice(2), fifth, sixth]);
  expect(put(tag, START)).toBe("mailbox-full");
});

test("a device not seen for three days holds nothing back, and goes on where it was when it is back", () => {
  const { boxes, put, seqs } = openStore();
  const tag = randomBytes(32);
  const [phone, drawer] = [randomBytes(16), randomBytes(16)];
  boxes.openReader(tag, drawer, START);
  boxes.openReader(tag, phone, START);
  const early = put(tag, START, { ttl: 30 * 86_400 }) as number;
  boxes.acknowledge([{ tag, reader: phone, upTo: early }], START + 2 * DAY);
  expect(seqs(tag, START + 2 * DAY)).toEqual([early]);
  const late = put(tag, START + 4 * DAY, { ttl: 30 * 86_400 }) as number;
  boxes.acknowledge([{ tag, reader: phone, upTo: early }], START + 4 * DAY);
  expect(seqs(tag, START + 4 * DAY)).toEqual([late]);
  // Back again, it counts again.
  boxes.openReader(tag, drawer, START + 5 * DAY);
  boxes.acknowledge([{ tag, reader: phone, upTo: late }], START + 5 * DAY);
  expect(seqs(tag, START + 5 * DAY)).toEqual([late]);
  boxes.acknowledge([{ tag, reader: drawer, upTo: late }], START + 5 * DAY);
  expect(seqs(tag, START + 5 * DAY)).toEqual([]);
});

test("messages whose time is over do not count towards full", () => {
  const { boxes, put, seqs } = openStore();
  const tag = randomBytes(32);
  boxes.openReader(tag, randomBytes(16), START);
  for (let i = 0; i < 4; i++) put(tag, START, { ttl: i < 3 ? 1 : 3600 });
  expect(put(tag, START + 999)).toBe("mailbox-full");
  const kept = [put(tag, START + 1000), put(tag, START + 1000), put(tag, START + 1000)];
  expect(seqs(tag, START + 1000).slice(1)).toEqual(kept);
  expect(put(tag, START + 1000)).toBe("mailbox-full");
});

test("a mailbox nobody ever opened has less room and a week at most", () => {
  const { boxes, put, seqs } = openStore();
  const tag = randomBytes(32);
  const kept = [put(tag, START, { ttl: 30 * 86_400 }), put(tag, START, { ttl: 30 * 86_400 })];
  expect(put(tag, START)).toBe("mailbox-full");
  expect(seqs(tag, START + 7 * DAY - 1)).toEqual(kept);
  expect(seqs(tag, START + 7 * DAY)).toEqual([]);
  boxes.openReader(tag, randomBytes(16), START);
  expect(put(tag, START, { ttl: 30 * 86_400 })).toBeTypeOf("number");
});

test("when the disk is full, mailboxes nobody opened give way to the others", () => {
  const wide = { bytes: 10_000_000, unopenedBytes: 10_000_000 };
  const { boxes, put, seqs } = openStore(wide, 1024 * 1024);
  const [tag, stranger] = [randomBytes(32), randomBytes(32)];
  boxes.openReader(tag, randomBytes(16), START);
  const kept = put(tag, START, { size: 16_384 });
  for (let i = 0; i < 20; i++) expect(put(stranger, START, { size: 16_384 })).toBeTypeOf("number");
  const all = [kept];
  while (seqs(stranger, START).length > 0) all.push(put(tag, START, { size: 16_384 }));
  expect(seqs(tag, START)).toEqual(all);
});

test("a sweep in rounds removes everything out of date, and mailboxes without mail and readers", () => {
  const { boxes, put, count } = openStore();
  const reader = randomBytes(16);
  const tags = Array.from({ length: 1100 }, () => randomBytes(32));
  const records = Buffer.concat([...tags, ...tags].map((tag) => record(tag, 512, 60)));
  boxes.deposit({ records, count: 2 * tags.length, acks: [], now: START });
  const read = tags[0] as Uint8Array;
  boxes.openReader(read, reader, START);
  let rounds = 1;
  while (boxes.sweep(START + 60_000)) rounds++;
  expect(rounds).toBeGreaterThan(1);
  expect([count("message"), count("mailbox"), count("reader")]).toEqual([0, 1, 1]);
  while (boxes.sweep(START + 31 * DAY)) rounds++;
  expect([count("mailbox"), count("reader")]).toEqual([0, 0]);
  expect(put(read, START + 31 * DAY)).toBeTypeOf("number");
});

test("a damaged database that was set aside is deleted after 30 days", () => {
  const path = folder();
  const names = ["relay.db.damaged-2025-11-01T000000.000Z", "relay.db.damaged-2025-12-20T000000.000Z-wal", "relay.db"];
  for (const name of names) writeFileSync(join(path, name), "");
  removeOldDamaged(path, START);
  expect(names.map((name) => existsSync(join(path, name)))).toEqual([false, true, true]);
});
