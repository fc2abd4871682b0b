import { readRelays } from "../chain/actions/readRelays.ts";
import { type Chain, createChain } from "../chain/chain.ts";
import { fetchNetwork } from "../chain/network.ts";
import type { DirectoryRelay, NetworkInfo, RpcEndpoint } from "../chain/types.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { ClientOptions } from "./options.ts";

export interface Network {
  chain: Chain;
  /** Reads the registry of relays; the last known list when the chain cannot be reached. */
  directory(): Promise<DirectoryRelay[]>;
}

const place = { collection: "network" } as const;

/**
 * Learns what network this is from the first relay that answers, or from what was kept at the last start, so that a
 * client also starts while its relays are away.
 * @throws SkrumbleError NETWORK_UNREACHABLE, NETWORK_INVALID
 */
export async function openNetwork(options: ClientOptions, vault: Vault): Promise<Network> {
  const bootstrap = options.relays.map((url) => url.replace(/\/+$/, ""));
  const known = await vault.get<NetworkInfo>(place.collection, "info");
  const info = known ?? (await firstAnswer(bootstrap, options));
  if (!known) await vault.write([{ ...place, key: "info", value: info }]);
  let relays = (await vault.get<DirectoryRelay[]>(place.collection, "relays")) ?? [];

  const endpoints = (): RpcEndpoint[] => {
    if (relays.length > 0) return relays.map(({ endpoint, operator }) => ({ url: `${endpoint}/rpc`, operator }));
    return bootstrap.map((url) => ({ url: `${url}/rpc`, operator: url }));
  };
  const fetching = options.fetch ? { fetch: options.fetch } : {};
  const chain = createChain(info, { endpoints, ...fetching });
  return {
    chain,
    async directory() {
      const fresh = await readRelays(chain).catch(() => []);
      if (fresh.length > 0 && JSON.stringify(fresh) !== JSON.stringify(relays)) {
        relays = fresh;
        await vault.write([{ ...place, key: "relays", value: fresh }]);
      }
      if (relays.length === 0) throw new SkrumbleError("NETWORK_UNREACHABLE");
      return relays;
    },
  };
}

async function firstAnswer(bootstrap: string[], options: ClientOptions): Promise<NetworkInfo> {
  if (bootstrap.length === 0) throw new SkrumbleError("NETWORK_UNREACHABLE", { details: "No relay was given." });
  const asks = bootstrap.map((url) => fetchNetwork(url, options.fetch ? { fetch: options.fetch } : {}));
  try {
    return await Promise.any(asks);
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [];
    throw errors.find((one) => one instanceof SkrumbleError) ?? new SkrumbleError("NETWORK_UNREACHABLE");
  }
}
