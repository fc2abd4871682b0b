import { type Chain, createChain, fetchNetwork, readRelays } from "@skrumble/sdk/chain";

/** Where to begin; all other relays are found on chain. Several of different operators are safer than one. */
export const relays: readonly string[] = (import.meta.env.VITE_RELAYS ?? "http://localhost:7101").split(",");

async function describe() {
  let last: unknown;
  for (const relay of relays) {
    try {
      return await fetchNetwork(relay);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The chain, asked through the relays that it lists itself. */
export async function openChain(): Promise<Chain> {
  let endpoints = relays.map((relay) => ({ url: `${relay}/rpc`, operator: relay }));
  const chain = createChain(await describe(), { endpoints: () => endpoints });
  const listed = await readRelays(chain, { quorum: true });
  if (listed.length > 0) endpoints = listed.map(({ endpoint, operator }) => ({ url: `${endpoint}/rpc`, operator }));
  return chain;
}
