"use client";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { AssetList } from "./asset-list.tsx";
import type { AssetChoice } from "./use-asset-choice.ts";

/** The list of assets, or why there is none. */
export function AssetChoices({ choice }: { choice: AssetChoice }) {
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { chains, error, load, look, asset, fits, choose, setChoosing } = choice;
  if (chains) {
    const add = () => setChoosing("add");
    return <AssetList chains={chains} chosen={asset} fits={fits} onChoose={choose} onLook={look} onAdd={add} />;
  }
  if (!error) return <Skeleton className="h-40 rounded-md" />;
  return (
    <div role="alert" className="text-13 text-bad">
      <p>{errorText(error)}</p>
      <Button small look="plain" className="mt-1 -ml-3" onClick={load}>
        {common("retry")}
      </Button>
    </div>
  );
}
