import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Address, Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { onTestFinished } from "vitest";
import { identityOf } from "../../../scripts/chain/qbft/identity.ts";
import type { QbftNetwork } from "../../../scripts/chain/qbft/network.ts";

export const key = (number: number): Hex => `0x${number.toString(16).padStart(64, "0")}`;

/** Validators in no order, as keys come. */
export const addressesOf = (count: number): Address[] =>
  Array.from({ length: count }, (_, at) => privateKeyToAddress(key(at + 1)).toLowerCase() as Address);

export function networkOf(validators: number, rpcNodes = 0): QbftNetwork {
  const some = (role: "validator" | "rpc", count: number, from: number) =>
    Array.from({ length: count }, (_, at) => ({ role, index: at + 1, ...identityOf(key(from + at)) }));
  return {
    version: 1,
    chainId: 7587,
    blockPeriodSeconds: 1,
    rpcHosts: [],
    portOffset: 0,
    nodes: [...some("validator", validators, 1), ...some("rpc", rpcNodes, 1_000)],
  };
}

/** Answers by method; what is missing, or throws, is an error as from a node that does not know the method. */
export type Answers = Record<string, (params: unknown[]) => unknown>;

export interface FakeNode {
  url: string;
  port: number;
  asked: { method: string; params: unknown[] }[];
}

/** A fake of a Besu node: a JSON-RPC server with canned answers, because Besu itself does not run in these tests. */
export async function fakeNode(
  answers: Answers,
  hosts: readonly string[] = ["localhost", "127.0.0.1"],
): Promise<FakeNode> {
  const asked: FakeNode["asked"] = [];
  const server = createServer(async (request, response) => {
    const name = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (!hosts.includes("*") && !hosts.includes(name)) return void response.writeHead(403).end();
    const { id, method, params } = JSON.parse(await bodyOf(request)) as {
      id: number;
      method: string;
      params: unknown[];
    };
    asked.push({ method, params });
    response.setHeader("content-type", "application/json");
    try {
      const answer = answers[method];
      if (!answer) throw new Error("Method not found");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: answer(params) }));
    } catch (error) {
      response.end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: (error as Error).message } }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}
