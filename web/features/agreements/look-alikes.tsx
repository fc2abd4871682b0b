"use client";
import { useTranslations } from "next-intl";
import type { LookAlike } from "../../lib/types.ts";

/** Whoever chooses a name can choose one that reads like another's: before anybody signs, and before an arbiter is agreed on. */
export function LookAlikes({ found }: { found: readonly LookAlike[] }) {
  const t = useTranslations("agreements");
  if (found.length === 0) return null;
  return (
    <div role="note" className="my-3 rounded-md bg-wait-soft px-3 py-2 text-13 text-wait">
      <ul className="flex flex-col gap-1">
        {found.map(({ publicId, pseudonym, other }) => (
          <li key={publicId}>{t("lookAlike", { name: pseudonym, other })}</li>
        ))}
      </ul>
    </div>
  );
}
