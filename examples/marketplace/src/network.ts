import { chooseNetwork } from "@skrumble/sdk";
import { type Chain, createChain, readRelays } from "@skrumble/sdk/chain";

/** Where to begin; all other relays are found on chain. Several of different operators are safer than one. */
export const relays: readonly string[] = (import.meta.env.VITE_RELAYS ?? "http://localhost:7101").split(",");

/** The chain, asked through the relays that it lists itself. Which contracts it has, two of the first relays say, or the program knows. */
export async function openChain(): Promise<Chain> {
  let endpoints = relays.map((relay) => ({ url: `${relay}/rpc`, operator: relay }));
  const chain = createChain(await chooseNetwork(relays), { endpoints: () => endpoints });
  const listed = await readRelays(chain, { quorum: true });
  if (listed.length > 0) endpoints = listed.map(({ endpoint, operator }) => ({ url: `${endpoint}/rpc`, operator }));
  return chain;
}
