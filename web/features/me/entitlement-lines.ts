import { HardDrive, type LucideIcon, Phone, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import { fileSize } from "../../lib/bytes.ts";
import { useLanguage } from "../../lib/language.ts";
import type { TierStatus } from "../../lib/types.ts";

export interface EntitlementLine {
  icon: LucideIcon;
  text: string;
}

type Offer = Pick<TierStatus, "entitlements" | "backup">;

/**
 * What a tier allows, in words; with the tier below, only what it allows beyond that. Of the entitlements on chain these are the ones
 * that something keeps to today (docs/decisions/0017): what is built next adds its line here.
 */
export function useEntitlementLines(): (has: Offer, below?: Offer) => EntitlementLine[] {
  const t = useTranslations("me");
  const { language } = useLanguage();
  const all = ({ entitlements, backup }: Offer): EntitlementLine[] =>
    [
      { icon: entitlements.video ? Video : Phone, text: entitlements.video ? t("video") : t("noVideo") },
      backup.days > 0 && {
        icon: HardDrive,
        text: t("backup", { size: fileSize(backup.bytes, language), days: backup.days }),
      },
    ].filter((line) => line !== false);
  return (has, below) => {
    const known = below ? all(below).map(({ text }) => text) : [];
    return all(has).filter(({ text }) => !known.includes(text));
  };
}
