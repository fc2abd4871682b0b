"use client";
import { useTranslations } from "next-intl";

/** Who is not in a conversation hears nothing that is said in it, and has nothing here to decide with. */
export function ArbiterAway({ name }: { name: string }) {
  const t = useTranslations("agreements");
  return (
    <p role="note" className="mb-3 rounded-md bg-wait-soft px-3 py-2 text-13 text-wait">
      {t("arbiterAway", { name })}
    </p>
  );
}
