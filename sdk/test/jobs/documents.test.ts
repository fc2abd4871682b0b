import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { keccak256 } from "viem";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Chain, createChain } from "../../src/chain/chain.ts";
import { utf8 } from "../../src/crypto/bytes.ts";
import { findDocument, getDocument, putDocument } from "../../src/jobs/documents.ts";
import { contractsAt } from "../support/contracts.ts";

const text = utf8("what was signed");
const hash = keccak256(text);

/** A relay that answers as told, and counts. */
async function relay(answer: RequestListener) {
  const seen = { count: 0 };
  const server = createServer((request, response) => {
    seen.count++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(seen, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const chainOf = (...urls: string[]): Chain =>
  createChain(
    { chainId: 1, name: "test", contracts: contractsAt(`0x${"11".repeat(20)}`) },
    { endpoints: () => urls.map((url) => ({ url: `${url}/rpc`, operator: url })) },
  );

const has: RequestListener = (_, response) => void response.end(text);
const hasNot: RequestListener = (_, response) => void response.writeHead(404).end();
const lies: RequestListener = (_, response) => void response.end("something else");
/** Says nothing of its length, and never ends. */
const floods: RequestListener = (_, response) => {
  const more = () => {
    if (!response.destroyed && response.write(Buffer.alloc(16_384))) setImmediate(more);
  };
  response.on("drain", more);
  more();
};
const nobody = "http://127.0.0.1:9";

test("a document comes from whichever relay has it; what has another hash, or no end, is passed over", async () => {
  const all = await Promise.all([lies, hasNot, floods, has].map(relay));
  expect(await getDocument(chainOf(nobody, ...all.map(({ url }) => url)), hash)).toEqual(text);
  // In an order of chance: those that come after whoever has it are not asked.
  expect(all[3]?.count).toBe(1);
  for (const { count } of all) expect(count).toBeLessThanOrEqual(1);
});

test("a relay that is slow holds up nobody; what was found is not asked for again", async () => {
  const never: RequestListener = () => {};
  const all = await Promise.all([never, has].map(relay));
  const chain = chainOf(...all.map(({ url }) => url));
  const began = Date.now();
  expect(await getDocument(chain, hash)).toEqual(text);
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(await getDocument(chain, hash)).toEqual(text);
  expect(all[1]?.count).toBe(1);
});

test("none has it: undefined; none answers: an error, as when one stops waiting", async () => {
  const [one, other] = await Promise.all([hasNot, lies].map(relay));
  expect(await getDocument(chainOf(one?.url ?? "", other?.url ?? ""), hash)).toBeUndefined();
  await expect(getDocument(chainOf(nobody), hash)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  const stopped = AbortSignal.abort();
  await expect(getDocument(chainOf(nobody), hash, stopped)).rejects.toMatchObject({ code: "ABORTED" });
});

test("it is called lost only when every relay was asked: one that is down, or in trouble, may have it", async () => {
  const busy: RequestListener = (_, response) => void response.writeHead(503).end();
  const [one, troubled] = await Promise.all([hasNot, busy].map(relay));
  for (const other of [nobody, troubled?.url ?? ""]) {
    const chain = chainOf(one?.url ?? "", other);
    const before = one?.count ?? 0;
    await expect(getDocument(chain, hash)).rejects.toMatchObject({ code: "DOCUMENT_NOT_ALL_ASKED" });
    // A list that is read again and again does not wait for it each time.
    expect(await findDocument(chain, hash)).toEqual({ problem: "DOCUMENT_NOT_ALL_ASKED" });
    expect(one?.count).toBe(before + 1);
  }
  expect(await findDocument(chainOf(one?.url ?? ""), hash)).toEqual({ problem: "DOCUMENT_MISSING" });
  await expect(findDocument(chainOf(nobody, troubled?.url ?? ""), hash)).rejects.toMatchObject({
    code: "NETWORK_UNREACHABLE",
  });
  const [owner] = await Promise.all([relay(has)]);
  expect(await findDocument(chainOf(nobody, owner?.url ?? ""), hash)).toEqual({ bytes: text });
});

test("it is put at every relay; one that is a block behind is asked again, one that refuses is not", async () => {
  const took: string[] = [];
  const takes: RequestListener = async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    took.push(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
    response.writeHead(201).end();
  };
  let asked = 0;
  const behind: RequestListener = (_, response) => void response.writeHead(asked++ === 0 ? 409 : 201).end();
  const full: RequestListener = (_, response) => void response.writeHead(507).end();
  const all = await Promise.all([takes, behind, full].map(relay));
  expect(await putDocument(chainOf(nobody, ...all.map(({ url }) => url)), "jobs/7", text)).toBe(2);
  expect(took).toEqual(["POST /documents/jobs/7 what was signed"]);
  expect(all.map(({ count }) => count)).toEqual([1, 2, 1]);
  await expect(putDocument(chainOf(nobody), "jobs/7", text)).rejects.toMatchObject({ code: "DOCUMENT_NOT_KEPT" });
});

test("relays are asked in an order of chance: none is always first, and none always left out", async () => {
  const first = new Set<number>();
  const all = await Promise.all(Array.from({ length: 9 }, () => relay(has)));
  for (let time = 0; time < 40 && first.size < 4; time++) {
    const before = all.map(({ count }) => count);
    await getDocument(chainOf(...all.map(({ url }) => url)), hash);
    all.forEach(({ count }, at) => {
      if (count !== before[at]) first.add(at);
    });
  }
  expect(first.size).toBeGreaterThanOrEqual(4);
});

test("what no relay has is not asked for again at once; what this device hands over itself is there", async () => {
  const [one] = await Promise.all([relay(hasNot)]);
  const chain = chainOf(one?.url ?? "");
  expect(await getDocument(chain, hash)).toBeUndefined();
  expect(await getDocument(chain, hash)).toBeUndefined();
  expect(one?.count).toBe(1);
  const takes: RequestListener = (_, response) => void response.writeHead(201).end();
  const [other] = await Promise.all([relay(takes)]);
  const own = chainOf(other?.url ?? "");
  await putDocument(own, "jobs/7", text);
  expect(await getDocument(own, hash)).toEqual(text);
  expect(other?.count).toBe(1);
});

test("relays that never answer cost so much time in all, however many there are", async () => {
  const limits: number[] = [];
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    limits.push(ms);
    // All of it is over at once; one request is not.
    return ms > 8_000 ? AbortSignal.abort() : new AbortController().signal;
  });
  onTestFinished(() => timeout.mockRestore());
  const all = await Promise.all(Array.from({ length: 5 }, () => relay(() => {})));
  await expect(getDocument(chainOf(...all.map(({ url }) => url)), hash)).rejects.toMatchObject({
    code: "NETWORK_UNREACHABLE",
  });
  expect(Math.max(...limits)).toBe(20_000);
  expect(all.every(({ count }) => count === 0)).toBe(true);
});
