import { relayRegistryAbi } from "../../generated/index.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";
import { provable } from "../provenance.ts";
import type { DirectoryRelay } from "../types.ts";

const page = 100n;
const maxPages = 50n;

export interface ReadRelaysOptions extends ReadOptions {
  /**
   * Of a long list that is proven, which may take minutes: gets relays that are so far, 16 at first and drawn by chance, whenever there are more.
   * The same relays are read again only where the registry has changed since.
   */
  onSome?: (relays: DirectoryRelay[]) => void;
}

/**
 * All active relays with a usable address. Proven where the chain has seals of four validators at least: no relay is believed about what relays
 * there are. These are the first 1,000 of the registry then, otherwise the first 5,000.
 * @throws what {@link readContract} throws; SkrumbleError CHAIN_UNPROVEN, CHAIN_MAY_BE_OLD, CHAIN_TOO_FEW_VALIDATORS
 */
export async function readRelays(chain: Chain, options: ReadRelaysOptions = {}): Promise<DirectoryRelay[]> {
  const proving = options.block === undefined ? provable(chain) : undefined;
  if (!proving) return usable(await readAgreed(chain, options));
  const { readProvenRelays } = await import("../verified/readProvenRelays.ts");
  const onSome = (some: readonly DirectoryRelay[]) => options.onSome?.(usable(some));
  return usable(await readProvenRelays(proving, onSome, options.signal));
}

const usable = (relays: readonly DirectoryRelay[]): DirectoryRelay[] =>
  relays
    .filter(({ endpoint }) => isHttpUrl(endpoint))
    .map((relay) => ({ ...relay, endpoint: relay.endpoint.replace(/\/+$/, "") }));

async function readAgreed(chain: Chain, options: ReadOptions): Promise<DirectoryRelay[]> {
  const relays: DirectoryRelay[] = [];
  for (let at = 0n; at < maxPages; at++) {
    const listed = await readContract(
      chain,
      {
        address: chain.network.contracts.relayRegistry,
        abi: relayRegistryAbi,
        functionName: "activeRelays",
        args: [at * page, page],
      },
      options,
    );
    for (const { id, relay } of listed) {
      const { endpoint, operator, region, roles, signingKey } = relay;
      relays.push({ id: Number(id), endpoint, operator, region, roles, signingKey });
    }
    if (BigInt(listed.length) < page) break;
  }
  return relays;
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
