import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRpc } from "../src/http/rpc.ts";
import { boundGas, refuseRpc } from "../src/http/rpcRules.ts";
import { startTestRelay } from "./support/relayProcess.ts";
import { connectWire } from "./support/wire.ts";

const INLINE = 'self.__next_f=[];console.log("hydrate")';

/** A folder as Next exports it. */
function exportedApp(): string {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-app-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "_next/static/chunks"), { recursive: true });
  mkdirSync(join(folder, "settings"));
  const page = (title: string) =>
    `<!doctype html><title>${title}</title><script src="/_next/static/chunks/a.js" async></script><script>${INLINE}</script>${" ".repeat(600)}`;
  writeFileSync(join(folder, "index.html"), page("home"));
  writeFileSync(join(folder, "settings/index.html"), page("settings"));
  writeFileSync(join(folder, "404.html"), page("nothing here"));
  writeFileSync(join(folder, "_next/static/chunks/a.js"), `console.log(1);${"/* filler */".repeat(100)}`);
  writeFileSync(join(folder, "icon.png"), Buffer.alloc(2000, 1));
  return folder;
}

describe("the dApp a relay serves", () => {
  test("pages carry a policy that allows exactly their own inline scripts", async () => {
    const relay = await startTestRelay({ STATIC_DIR: exportedApp() });
    const answer = await fetch(`${relay.url}/settings/`);
    expect(await answer.text()).toContain("<title>settings</title>");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`'sha256-${createHash("sha256").update(INLINE).digest("base64")}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(/script-src [^;]*/.exec(policy)?.[0]).not.toContain("unsafe-inline");
    expect(policy).not.toContain("'unsafe-eval'");
    expect(answer.headers.get("permissions-policy")).toContain("camera=(self), microphone=(self)");
    expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  });

  test("files are compressed, cached by content, and nothing outside the folder exists", async () => {
    const relay = await startTestRelay({ STATIC_DIR: exportedApp() });
    const get = (path: string, headers: Record<string, string> = {}) => raw(relay.port, path, headers);
    const plain = await get("/_next/static/chunks/a.js");
    expect(plain.headers["cache-control"]).toContain("immutable");
    expect(plain.headers["content-type"]).toContain("text/javascript");
    const br = await get("/_next/static/chunks/a.js", { "accept-encoding": "gzip, br" });
    expect(br.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(br.body)).toEqual(plain.body);
    const gz = await get("/_next/static/chunks/a.js", { "accept-encoding": "gzip, br;q=0" });
    expect(gz.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(gz.body)).toEqual(plain.body);
    expect((await get("/icon.png", { "accept-encoding": "br" })).headers["content-encoding"]).toBeUndefined();
    const unchanged = await get("/", { "if-none-match": (await get("/")).headers.etag as string });
    expect(unchanged.status).toBe(304);
    expect((await get("/nothing")).status).toBe(404);
    expect((await get("/nothing")).body.toString()).toContain("nothing here");
    for (const path of ["/../keys.json", "/%2e%2e/keys.json", "/..%2fkeys.json", "/settings/../../keys.json"]) {
      const { status, body } = await get(path);
      expect(status).toBe(404);
      expect(body.toString()).not.toContain("signingKey");
    }
    expect((await get("/%zz")).status).toBe(400);
    expect((await get(`/${"a".repeat(5000)}`)).status).toBe(400);
    expect((await fetch(`${relay.url}/`, { method: "PUT", body: "x" })).status).toBe(405);
  });
});

test("a relay without shards says so in a way that a browser's console takes for no error", async () => {
  const { url } = await startTestRelay();
  const ask = (path: string, method = "GET") => fetch(`${url}/shards/${path}`, { method });
  const latest = await ask("latest");
  expect([latest.status, await latest.json()]).toEqual([200, { block: null }]);
  expect(latest.headers.get("access-control-allow-origin")).toBe("*");
  expect((await ask("latest", "HEAD")).status).toBe(200);
  expect((await ask("latest", "POST")).status).toBe(405);
  expect((await ask("ab".repeat(32))).status).toBe(404);
});

describe("JSON-RPC through a relay", () => {
  /** A node that answers every request with its own method name. */
  async function startNode(chainId: string, refused: ReadonlySet<string>) {
    const said: Record<string, string> = { eth_blockNumber: "0xc350", eth_chainId: chainId };
    const seen: string[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const batch = JSON.parse(body) as { id: number; method: string }[] | { id: number; method: string };
      const answer = (rpc: { id: number; method: string }) => {
        seen.push(rpc.method);
        if (refused.has(rpc.method)) return { jsonrpc: "2.0", id: rpc.id, error: { code: -32000, message: "not now" } };
        return { jsonrpc: "2.0", id: rpc.id, result: said[rpc.method] ?? rpc.method };
      };
      response.setHeader("content-type", "application/json");
      // In reverse order: pairing must go by id.
      response.end(JSON.stringify(Array.isArray(batch) ? batch.map(answer).reverse() : answer(batch)));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  async function startWithNode(
    settings: Record<string, string> = {},
    more: Record<string, unknown> = {},
    { chainId = "0x1da2", refused = new Set<string>() } = {},
  ) {
    const node = await startNode(chainId, refused);
    const folder = mkdtempSync(join(tmpdir(), "skrumble-deployment-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const address = `0x${"11".repeat(20)}`;
    const names =
      "skm membership identityRegistry relayRegistry sessionAnchor usageFees agreements redPackets jobBoard".split(" ");
    const contracts = Object.fromEntries(names.map((name) => [name, address]));
    writeFileSync(join(folder, "d.json"), JSON.stringify({ chainId: 7586, name: "local", contracts, ...more }));
    const relay = await startTestRelay({ RPC_URL: node.url, DEPLOYMENT: join(folder, "d.json"), ...settings });
    while ((await relay.health()).chain === "unknown") await new Promise((r) => setTimeout(r, 50));
    const post = async (body: unknown) => {
      const answer = await fetch(`${relay.url}/rpc`, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return { status: answer.status, headers: answer.headers, json: (await answer.json()) as never };
    };
    const call = (method: string, params: unknown[] = [], id: unknown = 1) => ({ jsonrpc: "2.0", id, method, params });
    return { relay, node, post, call };
  }

  test("allowed methods pass with their own ids, others are refused and never reach the node", async () => {
    const { node, post, call } = await startWithNode();
    const batch = [
      call("eth_chainId", [], "a"),
      call("anvil_setBalance", [], 7),
      call("eth_call", [{}, "latest"], null),
    ];
    const { json } = await post(batch);
    expect(json).toEqual([
      { jsonrpc: "2.0", id: "a", result: "0x1da2" },
      { jsonrpc: "2.0", id: 7, error: { code: -32601, message: "Method not served by this relay" } },
      { jsonrpc: "2.0", id: null, result: "eth_call" },
    ]);
    for (const method of [
      "debug_traceCall",
      "admin_peers",
      "eth_accounts",
      "eth_sendTransaction",
      "constructor",
      "__proto__",
    ]) {
      expect((await post(call(method))).json).toMatchObject({ error: { code: -32601 } });
    }
    expect((await post(call("eth_call", [{}, "latest", { "0x0": {} }]))).json).toMatchObject({
      error: { code: -32602 },
    });
    expect(node.seen.filter((method) => !["eth_blockNumber", "eth_chainId", "eth_call"].includes(method))).toEqual([]);
  });

  test("a node of another chain is as good as none, also when it fails now and then, and its health says so", async () => {
    const refused = new Set(["eth_blockNumber"]);
    const { relay, node, post, call } = await startWithNode({}, {}, { chainId: "0x1", refused });
    const isPassedOnNothing = async () => {
      for (const method of ["eth_getCode", "eth_chainId", "eth_sendRawTransaction"]) {
        expect((await post(call(method))).json).toMatchObject({ error: { code: -32603 } });
        // The relay itself asks which chain it is.
        if (method !== "eth_chainId") expect(node.seen).not.toContain(method);
      }
      expect(await relay.metric("skrumble_relay_chain_head")).toBe(0);
    };
    expect(await relay.health()).toMatchObject({ http: 200, status: "degraded", chain: "other-chain" });
    await isPassedOnNothing();
    refused.add("eth_chainId");
    while ((await relay.health()).chain === "other-chain") await new Promise((r) => setTimeout(r, 50));
    expect(await relay.health()).toMatchObject({ chain: "unreachable" });
    await isPassedOnNothing();
    refused.clear();
    while ((await relay.health()).chain === "unreachable") await new Promise((r) => setTimeout(r, 50));
    expect(await relay.health()).toMatchObject({ chain: "other-chain" });
    await isPassedOnNothing();
  });

  test("logs are bounded in blocks", async () => {
    const { post, call } = await startWithNode();
    const logs = async (filter: unknown) => (await post(call("eth_getLogs", [filter]))).json;
    expect(await logs({ fromBlock: "0x1", toBlock: "0x2710" })).toMatchObject({ result: "eth_getLogs" });
    expect(await logs({ fromBlock: "0x1", toBlock: "0x2711" })).toMatchObject({ error: { code: -32005 } });
    expect(await logs({ fromBlock: "earliest" })).toMatchObject({ error: { code: -32005 } });
    expect(await logs({ fromBlock: "0xc000", toBlock: "latest" })).toMatchObject({ result: "eth_getLogs" });
    expect(await logs({ blockHash: `0x${"00".repeat(32)}` })).toMatchObject({ result: "eth_getLogs" });
    expect(await logs({ fromBlock: 5 })).toMatchObject({ error: { code: -32602 } });
    expect(await logs("everything")).toMatchObject({ error: { code: -32602 } });
  });

  test("a batch has at most five eth_getLogs, and none is passed on while the head is unknown", async () => {
    const { post, call } = await startWithNode();
    const filter = { fromBlock: "0x1", toBlock: "0x2" };
    const { json } = await post(Array.from({ length: 7 }, () => call("eth_getLogs", [filter])));
    const codes = (json as { error?: { code: number } }[]).map(({ error }) => error?.code);
    expect(codes).toEqual([...new Array(5).fill(undefined), -32005, -32005]);
    const logs = { jsonrpc: "2.0" as const, method: "eth_getLogs", params: [{ fromBlock: "0x1", toBlock: "latest" }] };
    expect(refuseRpc(logs, 0)).toMatchObject({ code: -32005 });
    expect(refuseRpc(logs, 2)).toBeUndefined();
  });

  test("proofs are passed on, and bounded in slots", async () => {
    const { post, call } = await startWithNode();
    const proof = async (...params: unknown[]) => (await post(call("eth_getProof", params))).json;
    const account = `0x${"11".repeat(20)}`;
    const slots = (count: number) => Array.from({ length: count }, (_, at) => `0x${at}`);
    const passed = { result: "eth_getProof" };
    expect(await proof(account, slots(16), "latest")).toMatchObject(passed);
    expect(await proof(account, [], "0xc350")).toMatchObject(passed);
    expect(await proof(account, [`0x${"f".repeat(64)}`], "finalized")).toMatchObject(passed);
    for (const wrong of [slots(17), "0x1", undefined, null, [`0x${"0".repeat(65)}`], [1], ["0x"], ["latest"]])
      expect(await proof(account, wrong, "latest")).toMatchObject({ error: { code: -32602 } });
    for (const wrong of ["0x1", [account, account], undefined, `${account}11`, 17, { address: account }])
      expect(await proof(wrong, [], "latest")).toMatchObject({ error: { code: -32602 } });
    for (const wrong of [
      undefined,
      "pending",
      "earliest",
      50_000,
      { blockNumber: "0xc350" },
      `0x${"1".repeat(16)}`,
      "0x",
    ])
      expect(await proof(account, [], wrong)).toMatchObject({ error: { code: -32602 } });
    expect(await proof(account, [], "latest", "more")).toMatchObject({ error: { code: -32602 } });
  });

  test("proofs are of the last 512 blocks, at most five in a batch, and cost as much as logs", async () => {
    const { post, call } = await startWithNode({ RPC_PER_SECOND: "1", RPC_BURST: "60" });
    const proof = (block: string) => call("eth_getProof", [`0x${"11".repeat(20)}`, [], block]);
    const at = (number: number) => proof(`0x${number.toString(16)}`);
    expect((await post(at(50_000 - 512))).json).toMatchObject({ result: "eth_getProof" });
    expect((await post(at(50_000 - 513))).json).toMatchObject({ error: { code: -32005 } });
    expect((await post(at(50_003))).json).toMatchObject({ result: "eth_getProof" });
    const { json } = await post(Array.from({ length: 7 }, () => proof("latest")));
    const codes = (json as { error?: { code: number } }[]).map(({ error }) => error?.code);
    expect(codes).toEqual([...new Array(5).fill(undefined), -32005, -32005]);
    // Ten of them were asked for, at 5 each: no room for five more among 60.
    expect((await post(Array.from({ length: 5 }, () => proof("latest")))).status).toBe(429);
    expect(
      refuseRpc({ jsonrpc: "2.0", method: "eth_getProof", params: [`0x${"11".repeat(20)}`, [], "0x1"] }, 0),
    ).toBeUndefined();
  });

  test("hands on who seals the blocks of its network, and since which", async () => {
    const sealed = {
      validators: [`0x${"22".repeat(20)}`],
      validatorsAt: { number: 9, hash: `0x${"33".repeat(32)}` },
    };
    const { relay } = await startWithNode({}, sealed);
    expect(await (await fetch(`${relay.url}/network.json`)).json()).toMatchObject(sealed);
  });

  test("the gas of a simulated call is bounded", () => {
    const call = (gas: unknown) =>
      boundGas({ jsonrpc: "2.0", method: "eth_call", params: [{ to: "0x1", gas }, "latest"] }).params;
    expect(call("0x5208")).toEqual([{ to: "0x1", gas: "0x5208" }, "latest"]);
    for (const gas of ["0xffffffffff", 1e15, "much", null]) {
      expect(call(gas)).toEqual([{ to: "0x1", gas: "0x1c9c380" }, "latest"]);
    }
  });

  test("an answer of the node that never ends is given up", async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.on("close", () => clearInterval(timer));
      // No length announced.
      const timer = setInterval(() => response.write(Buffer.alloc(1024 * 1024, " ")), 1);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const rate = { perSecond: 1, burst: 100 };
    const rpc = createRpc({
      url: `http://127.0.0.1:${port}`,
      rate,
      sendRate: rate,
      now: Date.now,
      head: () => 1,
      isOurs: () => true,
    });
    const front = createServer((request, response) => void rpc.handle(request, response, "somebody"));
    await new Promise<void>((resolve) => {
      front.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      front.closeAllConnections();
      front.close();
    });
    const answer = await fetch(`http://127.0.0.1:${(front.address() as AddressInfo).port}`, {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" }),
    });
    expect(await answer.json()).toMatchObject({ id: 1, error: { code: -32603 } });
    expect(rpc.counters.failed).toBe(1);
  });

  test("sending transactions has its own, smaller allowance", async () => {
    const { post, call } = await startWithNode({ RPC_PER_SECOND: "1", RPC_BURST: "60" });
    const send = call("eth_sendRawTransaction", ["0x00"]);
    expect((await post(Array.from({ length: 6 }, () => send))).status).toBe(200);
    expect((await post(send)).status).toBe(429);
    expect((await post(call("eth_chainId"))).status).toBe(200);
  });

  test("what is no JSON-RPC, too much or too often is refused", async () => {
    const { relay, post, call } = await startWithNode({ RPC_PER_SECOND: "1", RPC_BURST: "30" });
    expect((await post("{")).status).toBe(400);
    expect((await post([])).status).toBe(400);
    expect((await post({ jsonrpc: "1.0", method: "eth_chainId" })).status).toBe(400);
    expect((await post(Array.from({ length: 21 }, () => call("eth_chainId")))).status).toBe(400);
    expect((await post(" ".repeat(128 * 1024 + 1))).status).toBe(413);
    expect((await fetch(`${relay.url}/rpc`)).status).toBe(405);
    expect((await post(Array.from({ length: 20 }, () => call("eth_chainId")))).status).toBe(200);
    const tooOften = await post(Array.from({ length: 20 }, () => call("eth_chainId")));
    expect(tooOften.status).toBe(429);
    expect(Number(tooOften.headers.get("retry-after"))).toBeGreaterThan(0);
    const preflight = await fetch(`${relay.url}/rpc`, { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("behind a proxy each client has its own allowance, without one the header means nothing", async () => {
    for (const [trusted, statuses] of [
      ["1", [200, 200]],
      ["0", [200, 429]],
    ] as const) {
      const { relay, call } = await startWithNode({ RPC_PER_SECOND: "1", RPC_BURST: "5", TRUST_PROXY: trusted });
      const body = JSON.stringify(Array.from({ length: 4 }, () => call("eth_chainId")));
      const from = async (forwarded: string) =>
        (await fetch(`${relay.url}/rpc`, { method: "POST", body, headers: { "x-forwarded-for": forwarded } })).status;
      expect([await from("203.0.113.1"), await from("198.51.100.9, 203.0.113.2")]).toEqual(statuses);
    }
  });
});

test("logs and metrics name no client, mailbox or path", async () => {
  const relay = await startTestRelay({ LOG_LEVEL: "trace", STATIC_DIR: exportedApp() });
  await fetch(`${relay.url}/secret-path?query=secret`, { headers: { "user-agent": "secret-agent" } });
  await fetch(`${relay.url}/%zz`);
  const wire = await connectWire(relay.url);
  const tag = Buffer.alloc(32, 0xab);
  wire.send({ frame: "deposit", reqId: 1, tag, ttl: 60, flags: 0, payload: Buffer.alloc(512, 0xcd) });
  await wire.take("receipt", 1);
  wire.sendRaw(Buffer.from("garbage"));
  await wire.take("error", 0);
  const text = await (await fetch(`${relay.url}/metrics`)).text();
  await relay.stop("SIGTERM");
  for (const secret of ["secret", "127.0.0.1", "abab", "garbage", "cdcd", "agent"]) {
    expect(relay.log()).not.toContain(secret);
    expect(text).not.toContain(secret);
  }
  expect(text).toContain("skrumble_relay_stored_total 1");
});

test("metrics and figures are for this machine itself, or for whoever has the token", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-token-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const token = "a token of some length";
  writeFileSync(join(folder, "token"), `${token.replaceAll(" ", "-")}\n`);
  const relay = await startTestRelay({ METRICS_TOKEN_FILE: join(folder, "token") });
  const ask = async (headers: Record<string, string>) => {
    const metrics = await fetch(`${relay.url}/metrics`, { headers });
    const health = (await (await fetch(`${relay.url}/health`, { headers })).json()) as object;
    return [metrics.status, "connections" in health];
  };
  const proxied = { "x-forwarded-for": "203.0.113.1" };
  expect(await ask({})).toEqual([200, true]);
  expect(await ask(proxied)).toEqual([403, false]);
  expect(await ask({ forwarded: "for=203.0.113.1" })).toEqual([403, false]);
  expect(await ask({ ...proxied, authorization: "Bearer a-token-of-some-length" })).toEqual([200, true]);
  expect(await ask({ authorization: "Bearer a-token-of-another-length" })).toEqual([403, false]);
});

/** A request as it is written: fetch would tidy the path up and undo compression. */
function raw(port: number, path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n${lines.join("")}\r\n`);
    });
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => {
      const all = Buffer.concat(chunks);
      const split = all.indexOf("\r\n\r\n");
      const [status, ...rest] = all.subarray(0, split).toString().split("\r\n");
      const pairs = rest.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 2),
      ]);
      resolve({
        status: Number(status?.split(" ")[1]),
        headers: Object.fromEntries(pairs),
        body: all.subarray(split + 4),
      });
    });
  });
}
