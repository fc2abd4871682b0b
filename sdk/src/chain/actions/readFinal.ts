import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { AnyChain } from "../chain.ts";
import { onePerOperator } from "../quorum.ts";
import { type BlockHead, numberOf, readAgreedBlock } from "./readBlock.ts";

/** Operators asked for their newest block. */
const asked = 5;

/**
 * The newest block that cannot be undone any more; undefined where every block is final at once. Where two operators are known, two say
 * that it is as late as that: one alone cannot have it too late.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED
 */
export async function readFinal(chain: AnyChain, signal?: AbortSignal): Promise<BlockHead | undefined> {
  const finality = chain.further?.finality ?? "instant";
  if (finality === "instant") return undefined;
  const isTag = finality === "finalized";
  const operators = onePerOperator(chain.rpc).slice(0, asked);
  const said = await Promise.all(
    operators.map((endpoint) =>
      chain.rpc.requestAt(endpoint, "eth_getBlockByNumber", [isTag ? finality : "latest", false], signal).then(
        (block) => numberOf(block),
        () => undefined,
      ),
    ),
  );
  throwIfAborted(signal);
  const known = said.filter((number) => number !== undefined).sort((a, b) => (a < b ? 1 : -1));
  const newest = known[operators.length > 1 ? 1 : 0];
  if (newest === undefined) throw new SkrumbleError("CHAIN_UNREACHABLE");
  const back = isTag ? 0n : BigInt(finality.confirmations);
  return readAgreedBlock(chain, newest > back ? newest - back : 0n, signal);
}
