"use client";
import { useTranslations } from "next-intl";
import { AddToken } from "./add-token.tsx";
import { AssetChoices } from "./asset-choices.tsx";
import type { Step } from "./step-sheet.tsx";
import type { AssetChoice } from "./use-asset-choice.ts";

/** The step in the place of a form while its asset is chosen; undefined while none is. */
export function useAssetStep(choice: AssetChoice): Step | undefined {
  const t = useTranslations("money");
  const { choosing, setChoosing, choose, fits, chains = [] } = choice;
  if (!choosing) return undefined;
  if (choosing === "list") {
    return {
      title: t("chooseAsset"),
      onBack: () => setChoosing(undefined),
      content: <AssetChoices choice={choice} />,
    };
  }
  return {
    title: t("addToken"),
    onBack: () => setChoosing("list"),
    content: <AddToken chains={chains.map(({ chain }) => chain)} fits={fits} onAdded={choose} />,
  };
}
