import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { readIdentity } from "../../sdk/src/chain/actions/readIdentity.ts";
import { readShardedIdentities } from "../../sdk/src/chain/actions/readShardedIdentities.ts";
import { type Chain, createChain } from "../../sdk/src/chain/chain.ts";
import type { Address, PublicId } from "../../sdk/src/types/primitives.ts";
import { contractsAt } from "../../sdk/test/support/contracts.ts";
import { publicIdOf } from "../../sdk/test/support/registryStorage.ts";
import { median, report } from "../lib/report.ts";
import { CONTACTS, headOf, nameOf, REGISTRY } from "./plan.ts";
import { replay } from "./replay.ts";

/**
 * `npm run bench -- reads [RUNS] [NAMES,...]`: until a fresh client knows its 50 contacts among so many registered names, out of shards of
 * the registry and by one proof after the other, beside a client that replays the registry's events. Three relays of a stand-in
 * (see standIn.ts) on this machine, without the network's latency.
 *
 * - shards_, proofs_ready_ms: from nothing known to all 50 records.
 * - shards_, proofs_kb: what was sent and received, bodies of HTTP only, not compressed.
 * - shards_, proofs_requests: HTTP requests.
 */

const bench = "reads";
const runs = Math.max(5, Number(process.argv[2] ?? 5));
const sizes = (process.argv[3] ?? "1000,10000,100000").split(",").map(Number);

interface Network {
  urls: string[];
  validators: Address[];
}
interface Cost {
  ms: number;
  kb: number;
  requests: number;
}
type Way = (chain: Chain, contacts: readonly PublicId[], names: number) => Promise<(string | undefined)[]>;

const ways: Record<"shards" | "proofs" | "replay", Way> = {
  async shards(chain, contacts) {
    const found = await readShardedIdentities(
      chain,
      contacts.map((publicId) => ({ publicId })),
    );
    if (found.some(({ block }) => block === undefined)) throw new Error("not all of it came out of shards");
    return found.map(({ record }) => record?.name);
  },
  // As a client does at its start.
  async proofs(chain, contacts) {
    const found: (string | undefined)[] = [];
    for (const publicId of contacts) found.push((await readIdentity(chain, { publicId }, { quorum: true }))?.name);
    return found;
  },
  async replay(chain, contacts, names) {
    const people = await replay(chain, headOf(names));
    return contacts.map((publicId) => people.get(publicId)?.name);
  },
};

async function measure(way: Way, { urls, validators }: Network, names: number): Promise<Cost> {
  const cost: Cost = { ms: 0, kb: 0, requests: 0 };
  const counting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const body = await response.arrayBuffer();
    cost.requests++;
    cost.kb += (body.byteLength + String(init?.body ?? "").length) / 1000;
    return new Response(body, { status: response.status });
  };
  const network = { chainId: 7586, name: "bench", contracts: contractsAt(REGISTRY), validators };
  const endpoints = () => urls.map((url) => ({ url, operator: url }));
  const ids = Array.from({ length: CONTACTS }, (_, at) => 1 + Math.floor((at * names) / CONTACTS));
  const began = performance.now();
  const found = await way(
    createChain(network, { endpoints, fetch: counting, timeout: 60_000 }),
    ids.map(publicIdOf),
    names,
  );
  cost.ms = performance.now() - began;
  if (found.join() !== ids.map(nameOf).join()) throw new Error("somebody was not found");
  return cost;
}

for (const names of sizes) {
  const child = fork(join(import.meta.dirname, "standIn.ts"), [`${names}`], {
    execArgv: ["--disable-warning=ExperimentalWarning", "--max-old-space-size=8192"],
  });
  const [network] = (await once(child, "message")) as [Network];
  const costs = { shards: [] as Cost[], proofs: [] as Cost[], replay: [] as Cost[] };
  // The first of each warms up.
  for (let run = 0; run <= runs; run++)
    for (const way of ["shards", "proofs", "replay"] as const) {
      const cost = await measure(ways[way], network, names);
      if (run > 0) costs[way].push(cost);
    }
  child.disconnect();
  for (const way of ["shards", "proofs"] as const)
    for (const [of, metric, unit] of [
      ["ms", "ready_ms", "ms"],
      ["kb", "kb", "kB"],
      ["requests", "requests", "requests"],
    ] as const) {
      const samples = costs[way].map((cost) => cost[of]);
      const peer = { name: "replay", value: median(costs.replay.map((cost) => cost[of])) };
      report({ bench, metric: `${way}_${metric}_${names}`, unit, ours: median(samples), samples, peer });
    }
}
