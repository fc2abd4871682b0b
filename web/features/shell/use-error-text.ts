import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { ErrorCode } from "../../lib/types.ts";

/** The sentence for a code: what happened, and what to do. */
export function useErrorText(): (code: ErrorCode) => string {
  const t = useTranslations("errors");
  return useCallback((code) => (t.has(code) ? t(code) : t("UNEXPECTED")), [t]);
}
