import { PageError } from "./errors.ts";
import { readLocal, writeLocal } from "./local.ts";

/** What the serving relay says about the network; the SDK checks the rest of it. */
export interface Network {
  chainId: number;
  name: string;
  [more: string]: unknown;
}

/** From the relay that serves this page; without connection, what it said last. */
export async function readNetwork(): Promise<Network> {
  try {
    const response = await fetch("/network.json", { signal: AbortSignal.timeout(8_000), cache: "no-store" });
    if (!response.ok) throw new PageError("NETWORK_INVALID");
    const text = await response.text();
    const network = parseNetwork(text);
    writeLocal("network", text);
    return network;
  } catch (error) {
    const kept = readLocal("network");
    if (kept) return parseNetwork(kept);
    throw error instanceof PageError ? error : new PageError("NETWORK_UNREACHABLE", { cause: error });
  }
}

export function parseNetwork(text: string): Network {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PageError("NETWORK_INVALID", { cause: error });
  }
  const { chainId, name } = (value ?? {}) as Partial<Network>;
  if (typeof chainId !== "number" || !Number.isSafeInteger(chainId) || typeof name !== "string") {
    throw new PageError("NETWORK_INVALID");
  }
  return value as Network;
}
