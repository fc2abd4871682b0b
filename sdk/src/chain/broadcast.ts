import type { Hex } from "viem";
import { SkrumbleError } from "../errors/index.ts";
import type { Chain } from "./chain.ts";
import { needed, onePerOperator } from "./quorum.ts";
import { isKnown, type Rpc, RpcError } from "./rpc.ts";
import type { RpcEndpoint } from "./types.ts";

/** Asked when the first one refuses. */
const asked = 5;

/**
 * One relay's refusal keeps it from nobody: then others are asked to take it. That it is refused two operators say, where so many are
 * known; those that do not answer say nothing.
 * @throws RpcError when it is refused; SkrumbleError CHAIN_UNREACHABLE, ABORTED
 */
export async function broadcast(chain: Chain, raw: Hex, signal: AbortSignal | undefined): Promise<void> {
  try {
    await send(chain.rpc.request, raw, signal);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const all = onePerOperator(chain.rpc);
    const others = all.filter(({ operator }) => operator !== error.operator).slice(0, asked);
    const said = others.map((endpoint) => send(at(chain, endpoint), raw, signal));
    await Promise.any(said).catch(({ errors }: AggregateError) => {
      const refusals = errors.filter((one) => one instanceof RpcError).length + (error.operator === undefined ? 0 : 1);
      if (refusals >= Math.min(needed, all.length)) throw error;
      throw new SkrumbleError("CHAIN_UNREACHABLE", { cause: error });
    });
  }
}

async function send(request: Rpc["request"], raw: Hex, signal: AbortSignal | undefined): Promise<void> {
  try {
    await request("eth_sendRawTransaction", [raw], signal);
  } catch (error) {
    // Nobody else has the key: whatever has this number is this one.
    const isOurs = error instanceof RpcError && /nonce too low|underpriced/i.test(error.details ?? "");
    if (!isOurs && !isKnown(error)) throw error;
  }
}

/** Gives it to another relay as well, whatever and whenever that answers, and tells which. */
export function offer(chain: Chain, raw: Hex, signal: AbortSignal | undefined): RpcEndpoint | undefined {
  const [other] = onePerOperator(chain.rpc);
  if (other) send(at(chain, other), raw, signal).catch(() => undefined);
  return other;
}

const at =
  ({ rpc }: Chain, endpoint: RpcEndpoint): Rpc["request"] =>
  (method, params, signal) =>
    rpc.requestAt(endpoint, method, params, signal);
