"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary } from "../../lib/types.ts";
import { TwoChairs } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { useOthers } from "./people.ts";
import type { Step } from "./step-sheet.tsx";

/** In the place of all steps where there is nobody to give anything to. */
export function useAloneStep(summary: ConversationSummary, title: string, says?: string): Step | undefined {
  const t = useTranslations("money");
  if (useOthers(summary).length > 0) return undefined;
  return { title, content: <Empty drawing={<TwoChairs />}>{says ?? t("alone")}</Empty> };
}
