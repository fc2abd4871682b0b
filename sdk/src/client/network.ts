import { readRelays } from "../chain/actions/readRelays.ts";
import { type Chain, type Checkpoints, createChain } from "../chain/chain.ts";
import type { DirectoryRelay, NetworkInfo, RpcEndpoint } from "../chain/types.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import { chooseNetwork } from "./chooseNetwork.ts";
import type { ClientOptions } from "./options.ts";

export interface Network {
  chain: Chain;
  /**
   * Reads the registry of relays: proven where the chain has seals, else agreed on by two of the operators known so far; the last known list
   * when that cannot be had or takes long.
   * @throws SkrumbleError NETWORK_UNREACHABLE; CHAIN_UNPROVEN, CHAIN_MAY_BE_OLD or CHAIN_TOO_FEW_VALIDATORS where relays could be asked and no
   * list is known that is proven
   */
  directory(): Promise<DirectoryRelay[]>;
}

const place = { collection: "network" } as const;

/** With a list from the last time nobody waits longer for a new one; it is there at the next reading. */
const patience = 3000;

/**
 * Learns what network this is from what was kept at the last start, so that a client also starts while its relays are
 * away, or else from its first relays.
 * @throws SkrumbleError NETWORK_UNREACHABLE, NETWORK_INVALID, QUORUM_FAILED
 */
export async function openNetwork(
  options: Pick<ClientOptions, "relays" | "fetch">,
  vault: Pick<Vault, "getMany" | "write">,
): Promise<Network> {
  const bootstrap = options.relays.map((url) => url.replace(/\/+$/, ""));
  const fetching = options.fetch ? { fetch: options.fetch } : {};
  const kept = ["info", "relays"].map((key) => ({ ...place, key }));
  const [known, lastList] = (await vault.getMany(kept, { skipDamaged: true })) as [NetworkInfo?, DirectoryRelay[]?];
  const info = known ?? (await chooseNetwork(bootstrap, fetching));
  if (!known) await vault.write([{ ...place, key: "info", value: info }]);
  let relays = lastList ?? [];
  let reading: Promise<void> | undefined;
  /** Why the last reading came to nothing. */
  let trouble: unknown;

  // One order for a whole run, but another one for every client: nobody gets all questions for being registered first.
  const places = new Map<string, number>();
  const placeOf = (url: string): number => {
    if (!places.has(url)) places.set(url, Math.random());
    return places.get(url) as number;
  };
  const endpoints = (): RpcEndpoint[] => {
    const listed = relays.map(({ endpoint, operator }) => ({
      url: `${endpoint}/rpc`,
      operator: operator.toLowerCase(),
    }));
    const all = listed.length > 0 ? listed : bootstrap.map((url) => ({ url: `${url}/rpc`, operator: url }));
    return all.toSorted((a, b) => placeOf(a.url) - placeOf(b.url));
  };
  const at = { ...place, key: "checkpoint" };
  const checkpoints: Checkpoints = {
    read: async () => (await vault.getMany([at], { skipDamaged: true }))[0],
    write: (value) => vault.write([value === undefined ? { ...at, delete: true } : { ...at, value }]),
  };
  const chain = createChain(info, { endpoints, checkpoints, ...fetching });

  async function read(): Promise<void> {
    // The list says who is asked from now on, who counts as an operator and whose receipts are believed: one relay's word
    // must not replace it, nor be the first one where it can be proven.
    trouble = undefined;
    const fresh = await readRelays(chain, { quorum: true }).catch((error) => {
      trouble = error;
      return [];
    });
    if (fresh.length === 0 || JSON.stringify(fresh) === JSON.stringify(relays)) return;
    relays = fresh;
    await vault.write([{ ...place, key: "relays", value: fresh }]);
  }

  return {
    chain,
    async directory() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      if (relays.length === 0) await reading;
      else await withinPatience(reading);
      if (relays.length === 0) throw isUnproven(trouble) ? trouble : new SkrumbleError("NETWORK_UNREACHABLE");
      return relays;
    },
  };
}

const unprovenCodes: readonly ErrorCode[] = ["CHAIN_UNPROVEN", "CHAIN_MAY_BE_OLD", "CHAIN_TOO_FEW_VALIDATORS"];
/** Relays are there, and what they say of each other is not shown to be so: another thing than a network that is away. */
const isUnproven = (error: unknown): boolean => unprovenCodes.includes(codeOf(error));

async function withinPatience(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  // What comes too late is found at the next reading, and so is the trouble of writing it down.
  work.catch(() => undefined);
  await Promise.race([work, enough]).finally(() => clearTimeout(timer));
}
