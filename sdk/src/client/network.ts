import { readRelays } from "../chain/actions/readRelays.ts";
import { type Chain, type Checkpoints, createChain } from "../chain/chain.ts";
import type { DirectoryRelay, NetworkInfo, RpcEndpoint } from "../chain/types.ts";
import { codeOf, type ErrorCode, SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import { chooseNetwork } from "./chooseNetwork.ts";
import type { ClientOptions } from "./options.ts";

export interface Network {
  chain: Chain;
  /**
   * Reads the registry of relays: proven where the chain has seals, else agreed on by two of the operators known so far; the last known list
   * when that cannot be had or takes long, at the very first start what is proven of a long one by then.
   * @throws SkrumbleError NETWORK_UNREACHABLE, ABORTED; CHAIN_UNPROVEN, CHAIN_MAY_BE_OLD or CHAIN_TOO_FEW_VALIDATORS where relays could be asked and no
   * list is known that is proven
   */
  directory(): Promise<DirectoryRelay[]>;
}

interface Reading {
  /** At the very first start: that there are some relays. */
  some: Promise<void>;
  all: Promise<void>;
  /** Somebody has not waited for it to end. */
  isLate: boolean;
}

const place = { collection: "network" } as const;

/** With a list from the last time nobody waits longer for a new one, in milliseconds. */
const patience = 3000;
/** Without one, for all of it; some relays do then. */
const firstPatience = 10_000;

interface NetworkOptions extends Pick<ClientOptions, "relays" | "fetch"> {
  /** There is a new list, for which somebody has not waited. */
  onLate?: () => void;
  /** Ends a reading that goes on. */
  signal?: AbortSignal | undefined;
}

/**
 * Learns what network this is from what was kept at the last start, so that a client also starts while its relays are
 * away, or else from its first relays.
 * @throws SkrumbleError NETWORK_UNREACHABLE, NETWORK_INVALID, QUORUM_FAILED
 */
export async function openNetwork(options: NetworkOptions, vault: Pick<Vault, "getMany" | "write">): Promise<Network> {
  const bootstrap = options.relays.map((url) => url.replace(/\/+$/, ""));
  const fetching = options.fetch ? { fetch: options.fetch } : {};
  const kept = ["info", "relays"].map((key) => ({ ...place, key }));
  const [known, lastList] = (await vault.getMany(kept, { skipDamaged: true })) as [NetworkInfo?, DirectoryRelay[]?];
  const info = known ?? (await chooseNetwork(bootstrap, fetching));
  if (!known) await vault.write([{ ...place, key: "info", value: info }]);
  let relays = lastList ?? [];
  let reading: Reading | undefined;
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

  const keep = (list: DirectoryRelay[]) => vault.write([{ ...place, key: "relays", value: list }]);

  async function read(onSome: () => void): Promise<void> {
    // The list says who is asked from now on, who counts as an operator and whose receipts are believed: one relay's word
    // must not replace it, nor be the first one where it can be proven.
    trouble = undefined;
    const before = relays;
    const grow = (some: DirectoryRelay[]) => {
      // A part says nothing of those that are known and not in it.
      if (some.length <= relays.length) return;
      // Else whoever closes now begins at nothing again.
      if (relays.length === 0) keep(some).catch(() => undefined);
      relays = some;
      onSome();
    };
    const { signal } = options;
    const fresh = await readRelays(chain, { quorum: true, onSome: grow, signal }).catch((error) => {
      trouble = error;
      return [];
    });
    if (fresh.length > 0 && JSON.stringify(fresh) !== JSON.stringify(relays)) relays = fresh;
    if (relays !== before) await keep(relays);
  }

  function start(): Reading {
    const { promise: some, resolve } = Promise.withResolvers<void>();
    const before = relays;
    const all = read(resolve).finally(() => {
      reading = undefined;
      if (started.isLate && relays !== before && !options.signal?.aborted) options.onLate?.();
    });
    // For whoever does not wait for it any more.
    all.catch(() => undefined);
    const started: Reading = { some, all, isLate: false };
    return started;
  }

  return {
    chain,
    async directory() {
      reading ??= start();
      const { some, all } = reading;
      await within(relays.length > 0 ? patience : firstPatience, all);
      if (relays.length === 0) await Promise.race([some, all]);
      if (reading) reading.isLate = true;
      if (relays.length > 0) return relays;
      throwIfAborted(options.signal);
      throw isUnproven(trouble) ? trouble : new SkrumbleError("NETWORK_UNREACHABLE");
    },
  };
}

const unprovenCodes: readonly ErrorCode[] = ["CHAIN_UNPROVEN", "CHAIN_MAY_BE_OLD", "CHAIN_TOO_FEW_VALIDATORS"];
/** Relays are there, and what they say of each other is not shown to be so: another thing than a network that is away. */
const isUnproven = (error: unknown): boolean => unprovenCodes.includes(codeOf(error));

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, enough]).finally(() => clearTimeout(timer));
}
