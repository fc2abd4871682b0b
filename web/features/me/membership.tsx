"use client";
import { Archive, FileUp, HardDrive, Phone, Users, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import { fileSize } from "../../lib/bytes.ts";
import { useLanguage } from "../../lib/language.ts";
import { numberLocale, skm } from "../../lib/money.ts";
import type { TierStatus } from "../../lib/types.ts";
import { Chip } from "../../ui/chip.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { Section } from "./section.tsx";
import { useTier, useTierName } from "./tier.ts";

export function Membership() {
  const t = useTranslations("me");
  const errorText = useErrorText();
  const { tier, error } = useTier();
  return (
    <Section title={t("membership")} hint={t("countsHint")}>
      {tier ? (
        <>
          <Standing tier={tier} />
          <Included tier={tier} />
        </>
      ) : error ? (
        <p role="alert" className="px-4 py-4 text-13 text-bad">
          {errorText(error)}
        </p>
      ) : (
        <div className="p-4">
          <Skeleton className="mb-3 h-8 w-32" />
          <Skeleton className="h-2 w-full" />
        </div>
      )}
    </Section>
  );
}

function Standing({ tier }: { tier: TierStatus }) {
  const t = useTranslations("me");
  const counts = tier.lowestBalance + tier.credit;
  const tierName = useTierName();
  const next = tier.nextTier;
  const share = next && next.threshold > 0n ? Number((counts * 1000n) / next.threshold) / 1000 : 1;
  return (
    <div className="px-4 py-4">
      <div className="flex items-start justify-between gap-3">
        <div>
          <p className="text-13 text-ink-faint">{t("counts")}</p>
          <p className="tabular mt-0.5 text-28 leading-tight font-semibold tracking-[-0.02em]">
            {skm(counts, numberLocale())} <span className="text-15 font-medium text-ink-soft">SKM</span>
          </p>
        </div>
        <Chip tone="accent">{tierName(tier.name)}</Chip>
      </div>
      <ProgressBar label={t("membership")} share={share} className="mt-4" />
      <p className="mt-2 text-13 text-ink-soft">
        {next ? t("next", { missing: skm(next.missing, numberLocale()), name: tierName(next.name) }) : t("top")}
      </p>
    </div>
  );
}

function Included({ tier }: { tier: TierStatus }) {
  const t = useTranslations("me");
  const { language } = useLanguage();
  const has = tier.entitlements;
  const lines = [
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
  return (
    <ul aria-label={t("includes")} className="grid gap-x-4 gap-y-2.5 px-4 py-4 text-13 text-ink-soft sm:grid-cols-2">
      {lines.map(({ icon: Icon, text }) => (
        <li key={text} className="flex items-center gap-2.5">
          <Icon aria-hidden className="size-4 shrink-0 text-accent" />
          {text}
        </li>
      ))}
    </ul>
  );
}
