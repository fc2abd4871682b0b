"use client";
import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PublicId } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";

interface RequestProgressProps {
  from: readonly PublicId[];
  paid: readonly PublicId[];
  nameOf(person: PublicId): string;
}

/** More of them are counted, not named. */
const mostNamed = 6;

/** Who is asked, and who has paid. */
export function RequestProgress({ from, paid, nameOf }: RequestProgressProps) {
  const t = useTranslations("money");
  const done = from.filter((person) => paid.includes(person)).length;
  const more = from.length - mostNamed;
  return (
    <div className="mt-2">
      {from.length > 1 && (
        <>
          <ProgressBar label={t("paid")} share={done / from.length} />
          <p role="status" className="mt-1 text-13 text-ink-soft">
            {t("paidOf", { count: done, of: from.length })}
          </p>
        </>
      )}
      <ul aria-label={t("askedOf")} className="mt-1 flex flex-col gap-1">
        {from.slice(0, mostNamed).map((person) => (
          <li key={person} className="flex min-w-0 items-center gap-2 text-13">
            <Avatar seed={person} size={20} />
            <bdi className="truncate">{nameOf(person)}</bdi>
            {paid.includes(person) && (
              <Check role="img" aria-label={t("paid")} className="ml-auto size-4 shrink-0 text-good" />
            )}
          </li>
        ))}
        {more > 0 && <li className="text-13 text-ink-soft">{t("andMore", { count: more })}</li>}
      </ul>
    </div>
  );
}
