import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../../lib/say.ts";
import { rpc } from "../../rpc.ts";
import { isSpread, localNodes, nodeName, type QbftNetwork } from "../network.ts";
import { rpcUrlOf } from "../places.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Waits until every node of this machine has a block newer than the newest that was there at first, or, where blocks need
 * other hosts, too, until it answers. Returns the lowest head.
 */
export async function untilUp(network: QbftNetwork, runtime: Runtime, seconds: number): Promise<number> {
  const nodes = localNodes(network);
  const alone = !isSpread(network);
  const until = Date.now() + seconds * 1_000;
  let base: number | undefined;
  for (;;) {
    const heads = await Promise.all(nodes.map((node) => headOf(rpcUrlOf(network, node))));
    const known = heads.filter((head) => head !== undefined);
    if (base === undefined && known.length > 0) base = Math.max(...known);
    const isLate = (head: number | undefined) => head === undefined || (alone && (base === undefined || head <= base));
    if (!heads.some(isLate)) return Math.min(...known);
    const failure = runtime.failure();
    if (failure) throw new Refusal(failure);
    if (Date.now() > until) {
      const late = nodes.filter((_, at) => isLate(heads[at])).map(nodeName);
      throw new Refusal(
        `After ${seconds} s ${late.join(", ")} ${alone ? "had no new block" : "did not answer"}. Look: npm run chain -- doctor, npm run chain -- logs`,
      );
    }
    await sleep(250);
  }
}

async function headOf(url: string): Promise<number | undefined> {
  try {
    return Number(await rpc<string>(url, "eth_blockNumber", [], 2_000));
  } catch {
    return undefined;
  }
}
