import { describe, expect, test } from "vitest";
import type { AnyChain } from "../../src/chain/chain.ts";
import { fetchNetwork } from "../../src/chain/network.ts";
import { quorumRequest } from "../../src/chain/quorum.ts";
import { createRpc, isRefusal, isUnfunded, RpcError } from "../../src/chain/rpc.ts";
import { simulate } from "../../src/chain/simulate.ts";
import { contractsAt } from "../support/contracts.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

/** What a relay says, by its number. */
type Answer =
  | { result: unknown }
  | { error: { code: number; message: string; data?: unknown } }
  | { status: number }
  | "dead";

function world(answers: Answer[], operators = answers.map((_, i) => String(i))) {
  const asked: number[] = [];
  const fake: typeof fetch = async (input, init) => {
    const relay = Number.parseInt(new URL(String(input)).hostname.slice(1), 10);
    asked.push(relay);
    const answer = answers[relay] ?? "dead";
    if (answer === "dead") throw new TypeError("fetch failed");
    if ("status" in answer) return new Response("busy", { status: answer.status });
    return rpcAnswer(init, answer);
  };
  const endpoints = () => operators.map((operator, i) => ({ url: `http://r${i}.test/rpc`, operator }));
  return { rpc: createRpc({ endpoints, fetch: fake, timeout: 1000 }), asked, answers };
}

const revert = { error: { code: 3, message: "execution reverted", data: "0x1234" } };
const nodeAway = { error: { code: -32603, message: "The chain node does not answer" } };

describe("reading through relays", () => {
  test.each([["dead" as const], [{ status: 503 }], [nodeAway], [{ error: { code: -32005, message: "slow" } }]])(
    "goes on to the next relay after %j, and remembers",
    async (first) => {
      const { rpc, asked } = world([first, { result: "0x1" }]);
      expect(await rpc.request("eth_blockNumber", [])).toBe("0x1");
      await rpc.request("eth_blockNumber", []);
      expect(asked).toEqual([0, 1, 1]);
    },
  );

  test("a refusal of the chain is an answer", async () => {
    const { rpc, asked } = world([revert, { result: "0x1" }]);
    const refused = await rpc.request("eth_call", []).catch((error) => error);
    expect(refused).toBeInstanceOf(RpcError);
    expect(refused).toMatchObject({ operator: "0" });
    expect(asked).toEqual([0]);
  });

  test("is not an answer under another id, or a result under none; an error may have none", async () => {
    const answering = (answer: object) =>
      createRpc({
        endpoints: () => [{ url: "http://a.test/", operator: "a" }],
        fetch: async () => Response.json({ jsonrpc: "2.0", ...answer }),
      }).request("eth_call", []);
    for (const answer of [
      { id: 99, result: "0x" },
      { id: null, result: "0x" },
      { result: "0x" },
      { id: 99, ...revert },
    ])
      await expect(answering(answer)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    for (const answer of [{ id: 1, ...revert }, { id: null, ...revert }, revert])
      await expect(answering(answer)).rejects.toBeInstanceOf(RpcError);
  });

  test("where each fails just then all are asked again, but not to send a transaction once more", async () => {
    const failing = () => {
      const made = world(["dead", { status: 503 }]);
      const { rpc, asked, answers } = made;
      const request: typeof rpc.request = (method, params) => {
        const answer = rpc.request(method, params);
        setTimeout(() => answers.splice(0, 2, { result: "0x1" }, { result: "0x1" }), 100);
        return answer;
      };
      return { request, asked };
    };
    const read = failing();
    expect(await read.request("eth_blockNumber", [])).toBe("0x1");
    expect(read.asked).toEqual([0, 1, 0]);
    const sent = failing();
    await expect(sent.request("eth_sendRawTransaction", [])).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    expect(sent.asked).toEqual([0, 1]);
  });

  test("no relay at all is told", async () => {
    await expect(world(["dead", "dead"]).rpc.request("eth_call", [])).rejects.toMatchObject({
      code: "CHAIN_UNREACHABLE",
    });
    await expect(world([]).rpc.request("eth_call", [])).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("can be cancelled", async () => {
    const { rpc } = world([{ result: 1 }]);
    await expect(rpc.request("eth_call", [], AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("nodes of one chain", () => {
  test("are asked once which chain it is; those of another are passed over", async () => {
    const asked: string[] = [];
    const chains: Record<string, string> = { "right.test": "0x2", "wrong.test": "0x1" };
    const fake: typeof fetch = async (input, init) => {
      const { hostname } = new URL(String(input));
      const { method } = JSON.parse(String(init?.body)) as { method: string };
      asked.push(`${hostname} ${method}`);
      return rpcAnswer(init, { result: method === "eth_chainId" ? chains[hostname] : "0x5" });
    };
    const endpoints = () => ["wrong", "right"].map((name) => ({ url: `http://${name}.test/`, operator: name }));
    const rpc = createRpc({ endpoints, fetch: fake, chainId: 2 });
    expect(await rpc.request("eth_blockNumber", [])).toBe("0x5");
    expect(await rpc.request("eth_blockNumber", [])).toBe("0x5");
    expect(asked).toEqual([
      ...["wrong.test eth_chainId", "right.test eth_chainId"],
      ...["right.test eth_blockNumber", "right.test eth_blockNumber"],
    ]);
  });

  test("are asked once by many at once, and again when they did not say", async () => {
    const asked: string[] = [];
    let away = true;
    const fake: typeof fetch = async (_, init) => {
      const { method } = JSON.parse(String(init?.body)) as { method: string };
      asked.push(method);
      if (away) return new Response("busy", { status: 429 });
      return rpcAnswer(init, { result: method === "eth_chainId" ? "0x2" : "0x5" });
    };
    const rpc = createRpc({ endpoints: () => [{ url: "http://a.test/", operator: "a" }], fetch: fake, chainId: 2 });
    await expect(rpc.request("eth_blockNumber", [])).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    away = false;
    asked.length = 0;
    await Promise.all(Array.from({ length: 5 }, () => rpc.request("eth_blockNumber", [])));
    expect(asked.filter((method) => method === "eth_chainId")).toHaveLength(1);
    expect(asked).toHaveLength(6);
  });

  test.each<[string, number, string, string]>([
    ["a rate limit", -32090, "Too many requests", "other node"],
    ["a limit of their own", -32000, "block range is too large", "other node"],
    ["a revert", -32000, "VM execution error.", "CHAIN_REJECTED"],
    ["a wallet without funds", -32000, "insufficient funds for gas * price + value", "CHAIN_REJECTED"],
    ["a state that is gone", -32000, "missing trie node 0x12", "CHAIN_REJECTED"],
    ["a method they do not have", -32601, "no such method", "CHAIN_REJECTED"],
  ])("say %s in words of their own", async (_, code, message, expected) => {
    const fake: typeof fetch = async (input, init) => {
      const { method } = JSON.parse(String(init?.body)) as { method: string };
      if (method === "eth_chainId") return rpcAnswer(init, { result: "0x2" });
      const isFirst = new URL(String(input)).hostname === "a.test";
      return rpcAnswer(init, isFirst ? { error: { code, message } } : { result: "other node" });
    };
    const endpoints = () => ["a", "b"].map((name) => ({ url: `http://${name}.test/`, operator: name }));
    const rpc = createRpc({ endpoints, fetch: fake, chainId: 2 });
    expect(await rpc.request("eth_call", []).catch(({ code: told }) => told)).toBe(expected);
  });

  test("agree whatever their program adds, in whichever order, and however it numbers a revert", async () => {
    const log = { address: "0x01", topics: ["0x02"], data: "0x", blockNumber: "0x1", transactionHash: "0x03" };
    const one = { transactionHash: "0x03", status: "0x1", blockNumber: "0x1", logs: [{ ...log, logIndex: "0x0" }] };
    const other = { ...{ logs: [{ logIndex: "0x0", ...log, blockTimestamp: "0x9" }], type: "0x2" }, ...one };
    const agreed = { ...other, logs: one.logs };
    const { rpc } = world([{ result: one }, { result: agreed }]);
    expect(await quorumRequest(rpc, "eth_getTransactionReceipt", ["0x03"])).toEqual(one);
    const differs = world([{ result: one }, { result: { ...one, status: "0x0" } }]).rpc;
    await expect(quorumRequest(differs, "eth_getTransactionReceipt", [])).rejects.toMatchObject({
      code: "QUORUM_FAILED",
    });
    const numbered = (code: number, data?: unknown) => ({ error: { code, message: "execution reverted", data } });
    const reverts = world([numbered(3, "0x1234"), numbered(-32000, "Reverted 0x1234")]).rpc;
    await expect(quorumRequest(reverts, "eth_call", [])).rejects.toBeInstanceOf(RpcError);
  });
});

describe("a call on trial", () => {
  const to = `0x${"12".repeat(20)}` as const;
  const said = (...answers: Answer[]) =>
    simulate({ rpc: world(answers).rpc } as AnyChain, { to, data: "0x" }).catch((error) => error);
  const refuses = (message: string, code = -32000, data?: unknown): Answer => ({ error: { code, message, data } });

  test("is refused by two operators, whatever words or reasons they have for it", async () => {
    const funds = [refuses("insufficient funds for transfer", -32003), refuses("insufficient balance", -32000, "0x1")];
    expect(isUnfunded(await said(...funds))).toBe(true);
    const differ = await said(funds[0] as Answer, refuses("execution reverted", 3, "0x1234"));
    expect(isRefusal(differ)).toBe(true);
    expect(differ).toMatchObject({ code: "CHAIN_REJECTED", data: undefined });
    const dead = await said(refuses("execution reverted", 3, "0x12"), refuses("execution reverted", 3, "0x34"), "dead");
    expect(isRefusal(dead)).toBe(true);
  });

  test("is refused by none where one says yes and one no, or one would not say", async () => {
    const no = refuses("execution reverted", 3, "0x12");
    expect(await said(no, { result: "0x" })).toMatchObject({ code: "QUORUM_FAILED" });
    expect(await said(no, refuses("missing trie node"))).toMatchObject({ code: "QUORUM_FAILED" });
    expect(await said(no, { result: "0x" }, { result: "0x" })).toBe("0x");
  });
});

describe("a call that answers no", () => {
  const to = `0x${"12".repeat(20)}` as const;
  const said = (...answers: Answer[]) =>
    simulate({ rpc: world(answers).rpc } as AnyChain, { to, data: "0x" }, undefined, (answer) => answer === "0x0");
  const [no, yes] = [{ result: "0x0" }, { result: "0x1" }];

  test("is one by the word of two operators, not of a relay that lies", async () => {
    expect(await said(no, yes, yes)).toBe("0x1");
    expect(await said(yes, no, no)).toBe("0x1");
    expect(await said(no, no, yes)).toBe("0x0");
  });
});

describe("a quorum", () => {
  const ask = (answers: Answer[], operators?: string[]) => quorumRequest(world(answers, operators).rpc, "eth_call", []);

  test("is two operators that agree", async () => {
    expect(await ask([{ result: "a" }, { result: "a" }, { result: "b" }])).toBe("a");
    expect(await ask([{ result: "b" }, { result: "a" }, { result: "a" }])).toBe("a");
    expect(await ask(["dead", { result: "a" }, { result: "a" }])).toBe("a");
    await expect(ask([revert, revert, { result: "a" }])).rejects.toBeInstanceOf(RpcError);
  });

  test("is not two relays of one operator", async () => {
    await expect(ask([{ result: "a" }, { result: "a" }, { result: "b" }], ["x", "x", "y"])).rejects.toMatchObject({
      code: "QUORUM_FAILED",
    });
  });

  test("fails when all differ, and is out of reach when only one answers", async () => {
    await expect(ask([{ result: "a" }, { result: "b" }, { result: "c" }])).rejects.toMatchObject({
      code: "QUORUM_FAILED",
    });
    await expect(ask([{ result: "a" }, "dead", "dead"])).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("is found although no two who say the same ever answer at the same time", async () => {
    const lie = { result: "0x666" };
    const { rpc, asked, answers } = world(["dead", { result: "0x1" }, lie]);
    // The first answers once the second has stopped to.
    const swap = setInterval(() => {
      if (!asked.includes(1) || !asked.includes(0)) return;
      answers.splice(0, 2, { result: "0x1" }, "dead");
      clearInterval(swap);
    }, 1);
    expect(await quorumRequest(rpc, "eth_call", [])).toBe("0x1");
  });

  test("waits for a relay that is a block behind", async () => {
    const { rpc, answers } = world([{ result: "new" }, { result: "old" }]);
    setTimeout(() => answers.splice(1, 1, { result: "new" }), 100);
    expect(await quorumRequest(rpc, "eth_call", [])).toBe("new");
  });

  test("of one alone waits for what it fails to say now and then, not for one that is away", async () => {
    const { rpc, answers, asked } = world([nodeAway]);
    setTimeout(() => answers.splice(0, 1, { result: "0x1" }), 200);
    expect(await quorumRequest(rpc, "eth_call", [])).toBe("0x1");
    answers.splice(0, 1, nodeAway);
    asked.length = 0;
    await expect(quorumRequest(rpc, "eth_call", [])).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
    expect(asked).toHaveLength(4);
  });

  test("is the only operator's word where there is only one", async () => {
    expect(await ask([{ result: "a" }])).toBe("a");
  });
});

describe("a relay's description of its network", () => {
  const address = `0x${"12".repeat(20)}` as const;
  const contracts = contractsAt(address);
  const from =
    (body: unknown, status = 200): typeof fetch =>
    async () =>
      Response.json(body, { status });

  test("is read when whole, with whatever else it says", async () => {
    const info = await fetchNetwork("http://r", { fetch: from({ chainId: 7586, name: "X", contracts, relayId: 3 }) });
    expect(info).toEqual({ chainId: 7586, name: "X", contracts });
  });

  test.each([{}, { chainId: "7586", contracts }, { chainId: 1, contracts: { ...contracts, skm: "0x1" } }, "text"])(
    "is refused when it is %j",
    async (body) => {
      await expect(fetchNetwork("http://r", { fetch: from(body) })).rejects.toMatchObject({ code: "NETWORK_INVALID" });
    },
  );

  test("is missing when nobody answers", async () => {
    const dead: typeof fetch = () => Promise.reject(new TypeError("fetch failed"));
    await expect(fetchNetwork("http://r", { fetch: dead })).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    await expect(fetchNetwork("http://r", { fetch: from({}, 404) })).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
  });
});
