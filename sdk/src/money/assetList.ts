import type { Chain } from "../chain/chain.ts";
import { fetchNetwork } from "../chain/network.ts";
import type { ListedAsset } from "../chain/types.ts";
import type { Vault } from "../store/index.ts";
import type { Millis } from "../types/primitives.ts";

const place = { collection: "network", key: "assets" } as const;
const day = 86_400_000;
/** So many operators have to list the same, where so many are known. */
const needed = 2;
/** Asked at most. */
const asked = 4;

/**
 * The assets that the network lists, beside SKM and its coin: what relays of two operators say alike, read once a day. One relay
 * alone cannot have a token of its own pass for a known one. Without an answer the last list stands.
 */
export function createAssetList(
  { vault, chain, now }: { vault: Vault; chain: Chain; now: () => Millis },
  options: { fetch?: typeof fetch },
): () => Promise<readonly ListedAsset[]> {
  let known: { at: Millis; assets: readonly ListedAsset[] } | undefined;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    known ??= (await vault.getMany<NonNullable<typeof known>>([place], { skipDamaged: true }))[0];
    const age = known ? now() - known.at : day;
    if (age >= 0 && age < day) return;
    const assets = await agreed(chain, options);
    // Asked again at the next start; until then what is known has to do.
    known = { at: now(), assets: assets ?? known?.assets ?? [] };
    if (assets) await vault.write([{ ...place, value: known }]);
  }

  return async () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
    return known?.assets ?? [];
  };
}

async function agreed(chain: Chain, options: { fetch?: typeof fetch }): Promise<readonly ListedAsset[] | undefined> {
  const operators = new Set<string>();
  const endpoints = chain.rpc.endpoints().filter(({ operator }) => !operators.has(operator) && operators.add(operator));
  const lists = await Promise.all(
    endpoints.slice(0, asked).map(({ url }) =>
      fetchNetwork(url.replace(/\/rpc$/, ""), options).then(
        ({ chainId, assets = [] }) => (chainId === chain.network.chainId ? assets : undefined),
        () => undefined,
      ),
    ),
  );
  const votes = new Map<string, number>();
  for (const list of lists) {
    if (!list) continue;
    const key = JSON.stringify(list);
    votes.set(key, (votes.get(key) ?? 0) + 1);
    if ((votes.get(key) as number) >= Math.min(needed, operators.size)) return list;
  }
  return undefined;
}
