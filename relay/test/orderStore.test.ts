import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOrderEquivocation, orderTag, verifyOrderEntry } from "@skrumble/sdk/protocol";
import { expect, onTestFinished, test } from "vitest";
import type { OrderResult } from "../src/core/ports.ts";
import { rawPublicKey, signingKeyFromSeed } from "../src/ed25519.ts";
import { openDatabase } from "../src/storage/database.ts";
import { createOrders, type OrderStoreLimits } from "../src/storage/orders.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

function openOrders(limits: Partial<OrderStoreLimits> = {}, maxBytes = 64 * 1024 * 1024) {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-orders-"));
  const { db } = openDatabase({ folder, maxBytes, now: START });
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const signingKey = signingKeyFromSeed(randomBytes(32));
  const open = () => createOrders(db, { bytes: 64 * 1024 * 1024, tags: 1000, ...limits }, signingKey);
  return {
    ...{ orders: open(), open, relayKey: rawPublicKey(signingKey) },
    count: (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n,
  };
}

const orderOf = (tag: Uint8Array = randomBytes(32), size = 512) => ({
  leaf: new Uint8Array(Buffer.concat([tag, randomBytes(64)])),
  body: new Uint8Array(randomBytes(size)),
});

/** The places in their logs, or why there is none. */
const placesOf = (results: readonly OrderResult[]) =>
  results.map((result) => ("own" in result ? result.own.position : result.refusal));

test("leaves of a tag get places in the order they came, each signed, the first named to all", () => {
  const { orders, relayKey } = openOrders();
  const tag = randomBytes(32);
  const batch = [orderOf(tag), orderOf(), orderOf(tag), orderOf(tag)];
  const results = orders.append(batch, START);
  expect(placesOf(results)).toEqual([0, 0, 1, 2]);
  for (const [index, result] of results.entries()) {
    if (!("own" in result)) throw new Error(result.refusal);
    expect(result.own.leaf).toEqual(batch[index]?.leaf);
    expect(result.first.leaf).toEqual(index === 1 ? batch[1]?.leaf : batch[0]?.leaf);
    expect([result.first, result.own].every((entry) => verifyOrderEntry(entry, relayKey))).toBe(true);
  }
});

test("the same leaf and body keep their place and signature, another body under the same leaf is refused", () => {
  const { orders, open } = openOrders();
  const tag = randomBytes(32);
  const [first, second] = [orderOf(tag), orderOf(tag)];
  const before = orders.append([first, second, first], START);
  expect(placesOf(before)).toEqual([0, 1, 0]);
  expect(open().append([first, second, first], START + DAY)).toEqual(before);
  expect(placesOf(orders.append([{ ...first, body: second.body }], START))).toEqual(["order-conflict"]);
});

test("a log takes sixteen leaves and 512 KiB, and still answers for those it has", () => {
  const { orders } = openOrders();
  const tag = randomBytes(32);
  const many = Array.from({ length: 17 }, () => orderOf(tag));
  const places = [...Array.from({ length: 16 }, (_, position) => position), "order-full"];
  expect(placesOf(orders.append(many, START))).toEqual(places);
  expect(placesOf(orders.append(many, START))).toEqual(places);
  const large = randomBytes(32);
  const bodies = [262144, 131072, 131072, 512].map((size) => orderOf(large, size));
  expect(placesOf(orders.append(bodies, START))).toEqual([0, 1, 2, "order-full"]);
});

test("a log is read by tag, its bodies one by one", () => {
  const { orders } = openOrders();
  const tag = randomBytes(32);
  const batch = [orderOf(tag), orderOf(tag, 2048)];
  orders.append(batch, START);
  expect(orders.log(tag).map(({ leaf }) => leaf)).toEqual(batch.map(({ leaf }) => leaf));
  expect(orders.entry(tag, 1)).toEqual({ ...orders.log(tag)[1], body: batch[1]?.body });
  for (const position of [2, 16, 255]) expect(orders.entry(tag, position)).toBeUndefined();
  expect(orders.log(randomBytes(32))).toEqual([]);
  expect(orders.entry(randomBytes(32), 0)).toBeUndefined();
});

test("a log goes 30 days after its newest entry, and its tag takes no leaf for a year: nothing is signed twice", () => {
  const { orders, count, open } = openOrders();
  const tag = randomBytes(32);
  const [first, second, late] = [orderOf(tag), orderOf(tag), orderOf(tag)];
  orders.append([first], START);
  orders.append([second], START + DAY);
  orders.sweep(START + 30 * DAY);
  expect(orders.log(tag)).toHaveLength(2);
  expect(orders.sweep(START + 31 * DAY)).toBe(false);
  expect(orders.log(tag)).toEqual([]);
  expect(count("orderEntry")).toBe(0);
  for (const order of [late, first]) expect(placesOf(orders.append([order], START + 32 * DAY))).toEqual(["order-full"]);
  expect(placesOf(open().append([late], START + 32 * DAY))).toEqual(["order-full"]);
  orders.sweep(START + 366 * DAY);
  expect(count("orderLog")).toBe(0);
});

test("a clock that is set back changes no place and no order of times", () => {
  const { orders, relayKey } = openOrders();
  const tag = randomBytes(32);
  orders.append([orderOf(tag)], START + DAY);
  orders.append([orderOf(tag)], START);
  const [first, second] = orders.log(tag);
  expect([first?.storedAt, second?.storedAt]).toEqual([START + DAY, START + DAY]);
  expect(first && second && isOrderEquivocation(first, second, relayKey)).toBe(false);
});

test("when the share of the store is full, logs older than an hour give way, younger ones do not", () => {
  const { orders, open } = openOrders({ bytes: 4096 });
  const old = orderOf(randomBytes(32), 2048);
  const young = orderOf(randomBytes(32), 2048);
  orders.append([old], START);
  orders.append([young], START + HOUR);
  const next = orderOf(randomBytes(32), 2048);
  expect(placesOf(orders.append([next], START + HOUR - 1))).toEqual(["storage-unavailable"]);
  expect(placesOf(orders.append([next, orderOf()], START + HOUR))).toEqual([0, "storage-unavailable"]);
  // What gave way is closed, not begun anew; a new start counts the same.
  expect(placesOf(orders.append([old, young, orderOf(orderTag(old.leaf))], START + HOUR))).toEqual([
    "order-full",
    0,
    "order-full",
  ]);
  expect(placesOf(open().append([orderOf()], START + HOUR))).toEqual(["storage-unavailable"]);
});

test("so many tags and no more; one long closed gives way to a new one", () => {
  const { orders, count } = openOrders({ tags: 2 });
  orders.append([orderOf(), orderOf()], START);
  expect(placesOf(orders.append([orderOf()], START))).toEqual(["storage-unavailable"]);
  orders.sweep(START + 31 * DAY);
  expect(placesOf(orders.append([orderOf()], START + 31 * DAY))).toEqual([0]);
  expect(count("orderLog")).toBe(2);
});

test("a batch that does not fit the disk leaves nothing behind, and the next goes on as if it had not been", () => {
  const { orders, count } = openOrders({}, 1024 * 1024);
  const batch = Array.from({ length: 6 }, () => orderOf(randomBytes(32), 262144));
  expect(() => orders.append(batch, START)).toThrow(/full/);
  expect([count("orderLog"), count("orderEntry")]).toEqual([0, 0]);
  expect(placesOf(orders.append(batch.slice(0, 2), START))).toEqual([0, 0]);
});
