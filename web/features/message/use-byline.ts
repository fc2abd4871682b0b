import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { PublicId } from "../../lib/types.ts";
import type { NameOf } from "./types.ts";

interface Said {
  from: PublicId;
  sharedBy?: PublicId | undefined;
}

/** Who says it, where a message stands by itself; and on whose word, when an admin shared it from before the reader came. */
export function useByline(nameOf: NameOf): (message: Said) => string {
  const t = useTranslations("marks");
  return useCallback(
    ({ from, sharedBy }) => (sharedBy ? t("sharedByline", { name: nameOf(from), by: nameOf(sharedBy) }) : nameOf(from)),
    [t, nameOf],
  );
}
