"use client";
import { Check, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Asset, AssetId } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { readTokens } from "./added-tokens.ts";
import { amountText } from "./amount-text.ts";
import { assetKey, sameAsset } from "./asset.ts";
import { useAsset } from "./assets.ts";
import { ChainGroups } from "./chain-groups.tsx";
import { TokenIcon } from "./token-icon.tsx";
import { Unlisted } from "./unlisted.tsx";
import type { ChainHoldings } from "./use-holdings.ts";

interface AssetListProps {
  chains: readonly ChainHoldings[];
  chosen: AssetId | undefined;
  fits(asset: Asset): boolean;
  onChoose(asset: Asset): void;
  onLook(chainId: number): void;
  onAdd(): void;
}

/** What can be paid with, by chain: its own list with what the wallet has, then what the person has added. */
export function AssetList({ chains, chosen, fits, onChoose, onLook, onAdd }: AssetListProps) {
  const t = useTranslations("money");
  const [added, setAdded] = useState<AssetId[]>([]);
  useEffect(() => {
    void readTokens().then(setAdded);
  }, []);
  const isChosen = (id: AssetId) => chosen !== undefined && sameAsset(chosen, id);
  return (
    <>
      <ChainGroups chains={chains} onLook={onLook}>
        {({ chain, holdings }, label) => (
          <ul aria-label={label} className="-mx-2 flex flex-col">
            {holdings
              .filter(({ asset }) => fits(asset))
              .map(({ asset, balance }) => (
                <li key={assetKey(asset)}>
                  <AssetRow asset={asset} balance={balance} chosen={isChosen(asset)} onChoose={() => onChoose(asset)} />
                </li>
              ))}
            {added
              .filter((id) => id.chainId === chain.chainId && !holdings.some(({ asset }) => sameAsset(asset, id)))
              .map((id) => (
                <li key={assetKey(id)}>
                  <AddedRow id={id} chosen={isChosen(id)} fits={fits} onChoose={onChoose} />
                </li>
              ))}
          </ul>
        )}
      </ChainGroups>
      <Button look="plain" className="mt-2 px-3!" onClick={onAdd}>
        <Plus aria-hidden className="size-4.5" />
        {t("addToken")}
      </Button>
    </>
  );
}

interface AddedRowProps {
  id: AssetId;
  chosen: boolean;
  fits(asset: Asset): boolean;
  onChoose(asset: Asset): void;
}

function AddedRow({ id, chosen, fits, onChoose }: AddedRowProps) {
  const asset = useAsset(id);
  return asset && fits(asset) ? <AssetRow asset={asset} chosen={chosen} onChoose={() => onChoose(asset)} /> : null;
}

interface AssetRowProps {
  asset: Asset;
  balance?: bigint;
  chosen: boolean;
  onChoose(): void;
}

function AssetRow({ asset, balance, chosen, onChoose }: AssetRowProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className="pressable flex min-h-14 w-full items-center gap-3 rounded-md px-2 text-left hover:bg-raised"
    >
      <TokenIcon asset={asset} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <bdi className="truncate font-medium">{asset.symbol}</bdi>
          {!asset.listed && <Unlisted />}
        </span>
        <bdi className="block truncate text-13 text-ink-soft">{asset.name}</bdi>
      </span>
      {balance !== undefined && (
        <span className="tabular max-w-1/2 truncate text-13">{amountText(balance, asset)}</span>
      )}
      <Check aria-hidden className={chosen ? "size-5 shrink-0 text-accent-ink" : "size-5 shrink-0 opacity-0"} />
    </button>
  );
}
