"use client";
import { useTranslations } from "next-intl";
import { Area } from "../../ui/field.tsx";
import { maxNote } from "./limits.ts";

/** A few words with the money, for this conversation alone. */
export function NoteField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const t = useTranslations("money");
  return (
    <Area
      label={t("note")}
      hint={t("noteHint")}
      rows={2}
      maxLength={maxNote}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="mt-2"
    />
  );
}
