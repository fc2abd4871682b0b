import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Hex } from "viem";
import { registryStorage } from "../../sdk/test/support/registryStorage.ts";
import { emptyBlock, sealBlock, validators } from "../../sdk/test/support/sealedBlocks.ts";
import { eventsOf } from "./events.ts";
import { largeState } from "./largeState.ts";
import { BLOCKS_PER_NAME, headOf, nameOf, RELAYS } from "./plan.ts";

/**
 * The process of the relays and their node. No chain is behind them, since a hundred thousand registrations take hours: the registry's storage is
 * written as its contract lays it out, proofs come out of our own trie, blocks are sealed by keys of this process.
 */

const names = Number(process.argv[2]);
const head = headOf(names);
const ids = Array.from({ length: names }, (_, at) => at + 1);
const state = largeState(registryStorage(ids.map((id) => ({ id, name: nameOf(id) }))));
const events = ids.map((id) => eventsOf(id).map((event) => JSON.stringify(event)));
const set = validators(4);
const sealed = new Map<number, Promise<object>>();

function blockAt(number: number): Promise<object> {
  const block = sealed.get(number) ?? sealBlock({ ...emptyBlock(number), stateRoot: state.stateRoot }, { set });
  sealed.set(number, block);
  return block;
}

/** As JSON: events were encoded before the clock started, as a node has them. */
async function answer(method: string, params: readonly unknown[]): Promise<string> {
  if (method === "eth_getLogs") {
    const [{ fromBlock, toBlock }] = params as [{ fromBlock: Hex; toBlock: Hex }];
    const first = Math.max(1, Math.ceil(Number(fromBlock) / BLOCKS_PER_NAME));
    return `[${events.slice(first - 1, Math.floor(Number(toBlock) / BLOCKS_PER_NAME)).flat()}]`;
  }
  if (method === "eth_getProof") return JSON.stringify(state.prove(params[1] as Hex[]));
  return JSON.stringify(await blockAt(params[0] === "latest" ? head : Number(params[0])));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  if (path === "/shards/latest") {
    response.end(JSON.stringify({ block: head - (head % 256) }));
    return;
  }
  if (path !== "/rpc") {
    const part = state.parts.get(path.replace("/shards/", ""));
    response.writeHead(part ? 200 : 404).end(part);
    return;
  }
  const { id, method, params } = JSON.parse(await text(request)) as { id: number; method: string; params: unknown[] };
  response.end(`{"jsonrpc":"2.0","id":${id},"result":${await answer(method, params)}}`);
}

/** A client that reads events of 100,000 names is busy for longer than connections are kept open otherwise. */
const keepAliveTimeout = 600_000;
const servers = Array.from({ length: RELAYS }, () =>
  createServer({ keepAliveTimeout }, (...exchange) => void serve(...exchange)),
);
await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))));
process.once("disconnect", () => process.exit());
process.send?.({
  urls: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`),
  validators: set.map(({ address }) => address),
});
