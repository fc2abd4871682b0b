"use client";
import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Chip } from "../../ui/chip.tsx";

/** Beside a token that the network does not list. */
export function Unlisted() {
  const t = useTranslations("money");
  return (
    <Chip tone="wait" icon={<TriangleAlert aria-hidden />}>
      {t("unlisted")}
    </Chip>
  );
}
