import type { Hex } from "viem";
import type { Chain } from "./chain.ts";
import { onePerOperator } from "./quorum.ts";
import { isKnown, type Rpc, RpcError } from "./rpc.ts";
import type { RpcEndpoint } from "./types.ts";

/** One relay's refusal keeps it from nobody: then the others are asked to take it. */
export async function broadcast(chain: Chain, raw: Hex, signal: AbortSignal | undefined): Promise<void> {
  try {
    await send(chain.rpc.request, raw, signal);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const others = onePerOperator(chain.rpc).map((endpoint) => send(at(chain, endpoint), raw, signal));
    await Promise.any(others).catch(() => {
      throw error;
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
