import { readAnchor } from "../chain/actions/readAnchor.ts";
import type { Chain } from "../chain/chain.ts";
import { equalBytes, fromHex, toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { anchorRoot } from "../protocol/index.ts";
import type { AnchorProof } from "../relay/types.ts";
import type { Certificate } from "../types/client.ts";

type Certified = Extract<Certificate, { state: "certified" }>;

const tries = 6;

/**
 * Believes a proof only when the leaf is ours, the Merkle path leads to the root, and relays of two operators find the
 * root on chain.
 * @throws SkrumbleError ANCHOR_MISMATCH, QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function checkProof(
  chain: Chain,
  leaf: Uint8Array,
  proof: AnchorProof,
  relayName: (id: number) => string,
  signal?: AbortSignal,
): Promise<Certified> {
  if (!equalBytes(leaf, proof.leaf) || toHex(anchorRoot(leaf, proof.proof.map(fromHex))) !== proof.root) {
    throw new SkrumbleError("ANCHOR_MISMATCH", { details: "The Merkle proof is wrong." });
  }
  for (let at = 0; at < tries; at++) {
    const found = await readAnchor(chain, { relayId: proof.relayId, root: proof.root }, { quorum: true, signal });
    if (found) {
      return {
        state: "certified",
        at: Number(found.timestamp) * 1000,
        blockNumber: found.blockNumber,
        relay: relayName(proof.relayId),
        root: proof.root,
        transaction: proof.txHash,
      };
    }
    // The relay that anchored may be a block ahead of those that are asked.
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  throw new SkrumbleError("ANCHOR_MISMATCH", { details: "The root is not on chain." });
}
