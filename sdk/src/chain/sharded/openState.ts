import { type Hex, hexToBytes, keccak256 } from "viem";
import { compareBytes, toHex } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { type Leaf, rangeOf } from "../shards/leaves.ts";
import { maxManifestBytes, openManifest } from "../shards/manifest.ts";
import { openShard } from "../shards/shard.ts";
import type { Read } from "../verified/readProvenIdentity.ts";
import type { GetPart } from "./relayParts.ts";

/**
 * One of usual size has some ten kilobytes. To look at this much takes a phone a second; what somebody has crowded more than that is read by
 * proof.
 */
const mostShardBytes = 256 * 1024;

/**
 * Words of a storage out of its shards; each shard is fetched once, when a slot in its range is asked for. Throws CHAIN_UNREACHABLE for a
 * slot whose shard no relay gives. Undefined where no relay has the manifest. @param root proven
 */
export async function openState(root: Hex, getPart: GetPart): Promise<Read | undefined> {
  const found = await getPart({
    ...{ path: `manifests/${root.slice(2)}`, most: maxManifestBytes },
    open: (bytes) => openManifest(bytes, hexToBytes(root)),
  });
  if (!found) return undefined;
  const namedBy = found.from;
  const { depth, hashes } = found.part;
  const shards = new Map<number, Promise<Leaf[]>>();

  async function fetchShard(range: number): Promise<Leaf[]> {
    const hash = hashes[range];
    if (!hash) return [];
    const open = (bytes: Uint8Array) => openShard(bytes, hash, range, depth);
    const shard = await getPart({ path: toHex(hash).slice(2), most: mostShardBytes, open, namedBy });
    if (!shard) throw new SkrumbleError("CHAIN_UNREACHABLE", { details: "No relay gives that shard." });
    return shard.part;
  }

  function shardAt(range: number): Promise<Leaf[]> {
    const shard = shards.get(range) ?? fetchShard(range);
    shards.set(range, shard);
    return shard;
  }

  return (slots) =>
    Promise.all(
      slots.map(async (slot) => {
        const key = hexToBytes(keccak256(slot));
        const leaf = (await shardAt(rangeOf(key, depth))).find((one) => compareBytes(one.key, key) === 0);
        // All leaves of the range are there: without one the word is 0.
        return leaf ? BigInt(toHex(leaf.value)) : 0n;
      }),
    );
}
