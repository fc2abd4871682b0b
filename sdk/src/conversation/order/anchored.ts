import { checkProof } from "../../anchor/checkProof.ts";
import type { Core } from "../../client/core.ts";
import { toHexString } from "../../crypto/bytes.ts";
import type { OrderKeys } from "./leaf.ts";

/**
 * Hashes of the commits of an epoch that the chain has, the earliest first; those of one block by their hash, which
 * nobody can choose at will once the block is there. Proofs that the chain does not confirm count for nothing.
 * @throws SkrumbleError RELAY_NONE, NETWORK_UNREACHABLE
 */
export async function anchoredCommits(core: Core, keys: OrderKeys): Promise<string[]> {
  const { chain, pool, signal } = core;
  const found: { hash: string; block: bigint }[] = [];
  for (const proof of await pool.queryAnchor(keys.tag("chain"))) {
    const hash = keys.commitmentOf("chain", proof.leaf);
    if (!hash) continue;
    const confirmed = await checkProof(chain, proof.leaf, proof, (id) => `#${id}`, signal).catch(() => undefined);
    if (confirmed) found.push({ hash: toHexString(hash), block: confirmed.blockNumber });
  }
  found.sort((a, b) => Number(a.block - b.block) || (a.hash < b.hash ? -1 : 1));
  return [...new Set(found.map(({ hash }) => hash))];
}
