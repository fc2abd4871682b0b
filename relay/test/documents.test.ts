import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { DocumentChain } from "../src/chain/documentChain.ts";
import { createDocumentStore } from "../src/documents/documentStore.ts";
import { createDocuments } from "../src/http/documents.ts";
import { sha256 } from "../src/storage/receipts.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "skrumble-documents-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
const storeIn = (at: string, over = {}) => {
  const store = createDocumentStore({ folder: at, maxBytes: 1 << 20, perAuthor: 3, keepMs: 1_000, ...over });
  onTestFinished(() => store.close());
  return store;
};
const hash = (n: number) => new Uint8Array(32).fill(n);
const body = (text: string) => new TextEncoder().encode(text);

test("a document is kept for its time, and longer when it is put again", () => {
  const store = storeIn(folder());
  store.put(hash(1), 5n, body("one"), 0);
  expect(store.get(hash(1), 999)).toEqual(body("one"));
  expect(store.get(hash(1), 1_000)).toBeUndefined();
  store.put(hash(2), 5n, body("two"), 500);
  store.put(hash(1), 5n, body("one"), 900);
  expect(store.get(hash(1), 1_800)).toEqual(body("one"));
  store.put(hash(3), 5n, body("three"), 1_600);
  expect(store.count(), "what is out of date is deleted").toBe(2);
});

test("an author has so many; the longest not renewed gives way, and nobody else's does", () => {
  const store = storeIn(folder());
  store.put(hash(9), 7n, body("another's"), 0);
  for (const n of [1, 2, 3]) store.put(hash(n), 5n, body(`${n}`), n);
  store.put(hash(1), 5n, body("1"), 10);
  store.put(hash(4), 5n, body("4"), 11);
  expect([1, 2, 3, 4, 9].map((n) => store.get(hash(n), 12) !== undefined)).toEqual([true, false, true, true, true]);
  // The same text of two people stays for either.
  store.put(hash(9), 5n, body("another's"), 12);
  expect(store.count()).toBe(5 - 1);
});

test("it survives a restart; a damaged file is set aside and a new one begun", () => {
  const at = folder();
  const first = createDocumentStore({ folder: at, maxBytes: 1 << 20, perAuthor: 3, keepMs: 1_000 });
  first.put(hash(1), 5n, body("one"), 0);
  first.close();
  const second = createDocumentStore({ folder: at, maxBytes: 1 << 20, perAuthor: 3, keepMs: 1_000 });
  expect(second.get(hash(1), 1)).toEqual(body("one"));
  second.close();
  writeFileSync(join(at, "documents.sqlite"), "no database at all, but long enough to look like something");
  const third = storeIn(at);
  expect(third.count()).toBe(0);
  expect(third.put(hash(1), 5n, body("one"), 0)).toBe(true);
  expect(readdirSync(at)).toContain("documents.sqlite.damaged");
});

test("it grows no further than it may: where it is full, the oldest of whoever holds the most gives way", () => {
  const store = storeIn(folder(), { perAuthor: 10_000 });
  const page = new Uint8Array(30_000);
  store.put(hash(1), 7n, page, 0);
  for (let n = 0; n < 100; n++) expect(store.put(sha256(body(`${n}`)), 5n, page, n)).toBe(true);
  expect(store.count()).toBeGreaterThan(5);
  expect(store.count()).toBeLessThan(40);
  expect(store.get(sha256(body("0")), 100)).toBeUndefined();
  expect(store.get(sha256(body("99")), 100)).toEqual(page);
  expect(store.put(hash(2), 8n, page, 100), "somebody new has room").toBe(true);
  expect(store.get(hash(1), 100), "who holds little keeps it").toEqual(page);
});

test("an error at the start that is no damage throws nothing away", () => {
  const at = folder();
  mkdirSync(join(at, "documents.sqlite"));
  expect(() => storeIn(at)).toThrow();
  expect(readdirSync(at)).toEqual(["documents.sqlite"]);
});

test("over HTTP: what the chain does not name is refused, and who asks too often waits", async () => {
  const named = { hash: sha256(body("named")), author: 5n };
  const chain: DocumentChain = {
    async confirm(place, given) {
      if (place.kind === "rating") throw new Error("away");
      return Buffer.from(given).toString() === "named" && place.jobId === 7n ? named : undefined;
    },
  };
  const routes = createDocuments({
    ...{ store: storeIn(folder()), chain, now: () => 0 },
    ...{ readRate: { perSecond: 1, burst: 2 }, writeRate: { perSecond: 1, burst: 7 } },
  });
  const server = createServer((request, response) => void routes.handle(request, response, request.url ?? "", "a"));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/documents`;
  const post = async (path: string, text: string) =>
    (await fetch(`${base}/${path}`, { method: "POST", body: text })).status;
  expect(await post("jobs/7", "named")).toBe(201);
  expect(await post("jobs/8", "named")).toBe(409);
  expect(await post("ratings/1/0", "named")).toBe(503);
  expect(await post("ratings/1/0", "x".repeat(4_097))).toBe(413);
  expect(await post("jobs/07", "named")).toBe(404);
  expect(await post("jobs/7", "x".repeat(33_000))).toBe(413);
  expect(await post("jobs/7", "other")).toBe(409);
  expect(await post("jobs/7", "named")).toBe(429);
  const read = await fetch(`${base}/${Buffer.from(named.hash).toString("hex")}`);
  expect(await read.text()).toBe("named");
  expect(read.headers.get("access-control-allow-origin")).toBe("*");
  expect((await fetch(`${base}/../../etc/passwd`)).status).toBe(404);
  expect((await fetch(`${base}/jobs/7`)).status).toBe(429);
  expect((await fetch(`${base}/jobs/7`, { method: "PUT", body: "x" })).status).toBe(405);
  expect(routes.counters).toMatchObject({ documentsPut: 1, documentReads: 1 });
});
