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

/** Which asset of those that fit: the first that the wallet has anything of, until another one is chosen. */
export function useAssetChoice({ fits = any, homeOnly = false }: AssetChoiceOptions = {}) {
  const { holdings: all, chains, error, load } = useHoldings({ homeOnly });
  const holdings = all?.filter((holding) => fits(holding.asset));
  const [picked, setPicked] = useState<Asset>();
  /** What is shown in the place of the form. */
  const [choosing, setChoosing] = useState<"list" | "add">();
  const first = holdings?.find(({ balance }) => balance > 0n) ?? holdings?.[0];
  const asset = picked ?? first?.asset;
  return {
    ...{ chains, error, load, asset, fits, choosing, setChoosing },
    balance: asset && holdings?.find((holding) => sameAsset(holding.asset, asset))?.balance,
    choose(chosen: Asset) {
      setPicked(chosen);
      setChoosing(undefined);
    },
  };
}
