import { Archive, FileUp, HardDrive, type LucideIcon, Phone, Users, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import { fileSize } from "../../lib/bytes.ts";
import { useLanguage } from "../../lib/language.ts";
import type { Entitlements } from "../../lib/types.ts";

export interface EntitlementLine {
  icon: LucideIcon;
  text: string;
}

/** What a tier allows, in words; with the tier before, only what it allows beyond that. */
export function useEntitlementLines(): (has: Entitlements, before?: Entitlements) => EntitlementLine[] {
  const t = useTranslations("me");
  const { language } = useLanguage();
  const all = (has: Entitlements): EntitlementLine[] =>
    [
      { icon: has.video ? Video : Phone, text: has.video ? t("video") : t("noVideo") },
      has.conferenceSize > 2 && {
        icon: Users,
        text: t("conference", { people: has.conferenceSize, minutes: has.conferenceMinutes }),
      },
      has.fileBytes > 0n && { icon: FileUp, text: t("files", { size: fileSize(has.fileBytes, language) }) },
      has.storageBytes > 0n && {
        icon: HardDrive,
        text: t("storage", { size: fileSize(has.storageBytes, language), days: has.storageDays }),
      },
      has.records && { icon: Archive, text: t("records") },
    ].filter((line) => line !== false);
  return (has, before) => {
    const known = before ? all(before).map(({ text }) => text) : [];
    return all(has).filter(({ text }) => !known.includes(text));
  };
}
