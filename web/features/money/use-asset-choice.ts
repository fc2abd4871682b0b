import { useState } from "react";
import type { Asset } from "../../lib/types.ts";
import { sameAsset } from "./asset.ts";
import { useHoldings } from "./use-holdings.ts";

export type AssetChoice = ReturnType<typeof useAssetChoice>;

interface AssetChoiceOptions {
  fits?(asset: Asset): boolean;
  /** Only the network's own chain knows what it is for. */
  homeOnly?: boolean;
}

const any = () => true;

/**
 * Which asset of those that fit: the first of the network's own chain that the wallet has anything of, until another one is chosen. It stays
 * what it was at first: an amount that is typed is of nothing else a moment later.
 */
export function useAssetChoice({ fits = any, homeOnly = false }: AssetChoiceOptions = {}) {
  const { holdings: all, chains, error, load, look } = useHoldings({ homeOnly });
  const holdings = all?.filter((holding) => fits(holding.asset));
  const [picked, setPicked] = useState<Asset>();
  /** What is shown in the place of the form. */
  const [choosing, setChoosing] = useState<"list" | "add">();
  const home = chains?.[0]?.holdings?.filter((holding) => fits(holding.asset));
  const asset = picked ?? (home?.find(({ balance }) => balance > 0n) ?? home?.[0])?.asset;
  if (asset !== picked) setPicked(asset);
  return {
    ...{ chains, error, load, look, asset, fits, choosing, setChoosing },
    balance: asset && holdings?.find((holding) => sameAsset(holding.asset, asset))?.balance,
    choose(chosen: Asset) {
      setPicked(chosen);
      const on = chains?.find(({ chain }) => chain.chainId === chosen.chainId);
      if (on && !on.chain.home && !on.asked) look(chosen.chainId);
      setChoosing(undefined);
    },
  };
}
