import { relayRegistryAbi } from "../../generated/index.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";
import type { DirectoryRelay } from "../types.ts";

const page = 100n;
const maxPages = 50n;

/** All active relays with a usable address. @throws what {@link readContract} throws */
export async function readRelays(chain: Chain, options: ReadOptions = {}): Promise<DirectoryRelay[]> {
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
      if (!isHttpUrl(relay.endpoint)) continue;
      const { operator, region, roles, signingKey } = relay;
      relays.push({
        id: Number(id),
        endpoint: relay.endpoint.replace(/\/+$/, ""),
        operator,
        region,
        roles,
        signingKey,
      });
    }
    if (BigInt(listed.length) < page) break;
  }
  return relays;
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}
