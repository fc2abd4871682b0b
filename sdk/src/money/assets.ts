import { zeroAddress } from "viem";
import * as z from "zod";
import { maxAssetName, maxSymbol, readDecimals, readToken, type TokenWords } from "../chain/actions/readToken.ts";
import type { AnyChain, Chain } from "../chain/chain.ts";
import type { FurtherFacts, ListedAsset } from "../chain/types.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { Asset, AssetId } from "../types/money.ts";
import type { Address } from "../types/primitives.ts";
import { maxDecimals } from "./amounts.ts";
import { createPayChains, type PayChains } from "./chains.ts";

/** Assets of the network and of the further chains: their lists, and what else somebody names. */
export interface Assets {
  readonly chains: PayChains;
  /**
   * SKM, the chain's coin, and what the network lists besides. A token that does not behave like one is left out: it takes nothing
   * from the others. Of another chain than the network's own: its coin, and what the program
   * lists, unless it has other decimals there.
   * @throws SkrumbleError CHAIN_UNKNOWN, and CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED when SKM itself cannot be read
   */
  listed(chainId?: number): Promise<Asset[]>;
  /**
   * @param options.anew what is kept of it is compared with the chain before, not beside: for whoever pays by it
   * @throws SkrumbleError CHAIN_UNKNOWN, ASSET_UNKNOWN, CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
   */
  read(id: AssetId, options?: ReadOptions): Promise<Asset>;
}

interface ReadOptions {
  anew?: boolean;
}

/** What works of all; what has to work does, or nothing is said. */
export async function eachThatWorks<I, O>(
  all: readonly I[],
  task: (one: I) => Promise<O>,
  isNeeded: (one: I) => boolean,
): Promise<O[]> {
  const settled = await Promise.allSettled(all.map(task));
  const failed = settled.find((one, at) => one.status === "rejected" && isNeeded(all[at] as I));
  if (failed?.status === "rejected") throw failed.reason;
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

/** Where the network does not list its coin, as on a local chain. A chain's name ("local") is not the name of what is paid with. */
const unnamedCoin = { symbol: "COIN", name: "Coin", decimals: 18 };

const collection = "asset";
/** What a device keeps of a token it has read once. */
const stored = z.object({
  symbol: z.string().max(maxSymbol),
  name: z.string().max(maxAssetName),
  decimals: z.int().min(0).max(maxDecimals),
  authorizes: z.boolean(),
});

/**
 * @param list what the network lists, as far as its relays agree
 * @param further the chains that the program names
 */
export function createAssets(
  { vault, chain, signal }: { vault: Vault; chain: Chain; signal: AbortSignal },
  list: () => Promise<readonly ListedAsset[]>,
  further: readonly AnyChain[] = [],
): Assets {
  const home = chain.network.chainId;
  const skm = chain.network.contracts.skm.toLowerCase() as Address;
  const chains = createPayChains(chain, further);

  const checks = new Map<string, Promise<void>>();

  const kept = async (key: string) => {
    const [row] = await vault.getMany([{ collection, key }], { skipDamaged: true });
    return stored.safeParse(row).data;
  };

  const learn = async (on: AnyChain, token: Address, key: string): Promise<TokenWords> => {
    const { saysDecimals, ...value } = await readToken(on, token, signal);
    if (saysDecimals) await vault.write([{ collection, key, value }]);
    return { ...value, saysDecimals };
  };

  /** Once in a run what is kept is compared with the chain, and what was written down wrongly is written anew. */
  const check = (on: AnyChain, token: Address, key: string, decimals: number): Promise<void> => {
    const compare = async () => {
      const said = await readDecimals(on, token, signal);
      if (said !== undefined && said !== decimals) await learn(on, token, key);
    };
    const before = checks.get(key);
    if (before) return before;
    const checking = compare();
    checks.set(key, checking);
    // Where the chain is away it stays, and is looked at next time.
    checking.catch(() => checks.delete(key));
    return checking;
  };

  const words = async (on: AnyChain, token: Address, { anew = false }: ReadOptions): Promise<TokenWords> => {
    const key = `${on.network.chainId} ${token}`;
    const known = await kept(key);
    if (!known) {
      const said = await learn(on, token, key);
      checks.set(key, Promise.resolve());
      return said;
    }
    const checking = check(on, token, key, known.decimals);
    if (anew) await checking;
    return { ...((anew ? await kept(key) : undefined) ?? known), saysDecimals: true };
  };

  async function read(id: AssetId, options: ReadOptions = {}): Promise<Asset> {
    const token = id.token.toLowerCase() as Address;
    const on = chains.of(id);
    if (!/^0x[0-9a-f]{40}$/.test(token)) throw new SkrumbleError("ASSET_UNKNOWN");
    return on.further ? readThere(on, on.further, token, options) : readHere(token, options);
  }

  async function readThere(
    on: AnyChain,
    { coin, tokens }: Pick<FurtherFacts, "coin" | "tokens">,
    token: Address,
    options: ReadOptions,
  ): Promise<Asset> {
    const known = [coin, ...tokens].find((one) => one.token === token);
    const said = token === zeroAddress ? undefined : await words(on, token, options);
    // The same token may have other decimals on another chain: by wrong ones a billion times as much would be paid.
    if (known && said?.saysDecimals && said.decimals !== known.decimals) {
      if (options.anew) throw new SkrumbleError("ASSET_UNKNOWN");
      return readThere(on, { coin, tokens }, token, { anew: true });
    }
    const { symbol, name, decimals } = known ?? (said as TokenWords);
    const listed = known !== undefined;
    return { chainId: on.network.chainId, token, symbol, name, decimals, listed, moves: "transaction" };
  }

  async function readHere(token: Address, options: ReadOptions): Promise<Asset> {
    const chainId = home;
    const entry = (await list()).find((one) => one.token === token);
    if (token === zeroAddress) {
      const { symbol, name, decimals } = entry ?? unnamedCoin;
      return { chainId, token, symbol, name, decimals, listed: true, moves: "transaction" };
    }
    const { symbol, name, decimals, authorizes } = await words(chain, token, options);
    const listed = token === skm || entry !== undefined;
    // Only of SKM it is known under which name and version it takes signatures.
    return {
      chainId,
      token,
      symbol,
      name,
      decimals,
      listed,
      moves: token === skm && authorizes ? "signature" : "transaction",
    };
  }

  return {
    chains,
    read,
    async listed(chainId = home) {
      const there = chains.of({ chainId }).further;
      if (there) {
        return eachThatWorks(
          [there.coin, ...there.tokens],
          ({ token }) => read({ chainId, token }),
          ({ token }) => token === zeroAddress,
        );
      }
      const tokens = [skm, zeroAddress, ...(await list()).map(({ token }) => token)];
      const own = new Set([skm, zeroAddress]);
      return eachThatWorks(
        [...new Set(tokens)],
        (token) => read({ chainId, token }),
        (token) => own.has(token),
      );
    },
  };
}
