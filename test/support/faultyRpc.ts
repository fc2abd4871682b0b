import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ask, Delivery, Fault, Outcome, RpcAnswer, RpcCall } from "./faults/fault.ts";

/** A fault that is on. */
export interface Injected {
  /** How often it did something. */
  hits(): number;
  off(): void;
}

/** JSON-RPC lets parameters be left out, and viem does. */
type Asked = Omit<RpcCall, "params"> & { params?: unknown[] };

export interface FaultyRpc {
  /** Address of the node with this name; names are made up as they are needed. */
  url(node: string): string;
  /** Switches a fault on, at one node or at all of them. Several at once apply in the order in which they came. */
  inject(fault: Fault, node?: string): Injected;
  stop(): Promise<void>;
}

/**
 * Nodes that fail as told, in front of one that does not: an HTTP proxy of JSON-RPC. HTTP is all that relays and clients
 * speak to a node.
 * @param target JSON-RPC address of the real node
 */
export async function startFaultyRpc(target: string): Promise<FaultyRpc> {
  const active: { fault: Fault; node: string | undefined; hits: number }[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const node = (request.url ?? "").slice(1);
    const on = active.filter((one) => one.node === undefined || one.node === node);
    const json = JSON.parse(await read(request)) as Asked | Asked[];
    const calls = [json].flat().map((call): RpcCall => ({ ...call, params: call.params ?? [] }));
    const refusing = on.find(({ fault }) => fault.refuses?.(calls));
    if (refusing) {
      refusing.hits++;
      return send(response, { status: 503, body: "Service Unavailable" });
    }
    const ask: Ask = async (method, params) => (await forward(target, [{ id: 0, method, params }]))[0] as Outcome;
    let answers: readonly RpcAnswer[] = await answersTo(calls, on, ask);
    for (const one of on) {
      const arranged = (await one.fault.arrange?.(answers)) ?? answers;
      if (arranged !== answers) one.hits++;
      answers = arranged;
    }
    let delivery: Delivery = { status: 200, body: JSON.stringify(Array.isArray(json) ? answers : answers[0]) };
    for (const one of on) {
      const changed: Delivery = one.fault.deliver?.(delivery, calls) ?? delivery;
      if (changed !== delivery) one.hits++;
      delivery = changed;
    }
    send(response, delivery);
  }

  /** What the nodes say, each call for itself: what one fault answers instead does not keep the others from the node. */
  async function answersTo(calls: readonly RpcCall[], on: typeof active, ask: Ask): Promise<RpcAnswer[]> {
    const open: RpcCall[] = [];
    const outcomes = new Map<RpcCall, Outcome>();
    for (const call of calls) {
      for (const one of on) {
        const outcome = await one.fault.instead?.(call, ask);
        if (!outcome) continue;
        one.hits++;
        outcomes.set(call, outcome);
        break;
      }
      if (!outcomes.has(call)) open.push(call);
    }
    const told = open.length > 0 ? await forward(target, open) : [];
    open.forEach((call, at) => void outcomes.set(call, told[at] as Outcome));
    return Promise.all(
      calls.map(async (call) => {
        let outcome = outcomes.get(call) as Outcome;
        for (const one of on) {
          const changed = (await one.fault.change?.(call, outcome, ask)) ?? outcome;
          if (changed !== outcome) one.hits++;
          outcome = changed;
        }
        return { jsonrpc: "2.0", id: call.id, ...outcome };
      }),
    );
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (node) => `http://127.0.0.1:${port}/${node}`,
    inject(fault, node) {
      const entry = { fault, node, hits: 0 };
      active.push(entry);
      return { hits: () => entry.hits, off: () => void active.splice(active.indexOf(entry) >>> 0, 1) };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Asks the real node; the outcomes in the order of the calls. */
async function forward(target: string, calls: readonly RpcCall[]): Promise<Outcome[]> {
  const numbered = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
  const response = await fetch(target, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(numbered),
  });
  const answers = (await response.json()) as RpcAnswer[];
  return numbered.map(({ id }) => {
    const found = answers.find((answer) => answer.id === id);
    if (!found) throw new Error("no answer from the node");
    return "error" in found ? { error: found.error } : { result: found.result };
  });
}

function send(response: ServerResponse, delivery: Delivery): void {
  if (delivery === "cut") return void response.destroy();
  response.writeHead(delivery.status, { "content-type": "application/json" }).end(delivery.body);
}
