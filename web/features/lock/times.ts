import { useTranslations } from "next-intl";
import { useCallback } from "react";

/** Minutes without a touch; 0: only when the page is closed. */
export const lockTimes = [0, 1, 15, 60] as const;

export function useTimeText(): (minutes: number) => string {
  const t = useTranslations("lock");
  return useCallback((minutes) => (minutes === 0 ? t("whenClosed") : t("after", { minutes })), [t]);
}
