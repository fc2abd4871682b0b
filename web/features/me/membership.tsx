"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { numberLocale, skm } from "../../lib/money.ts";
import type { HigherTier, TierStatus } from "../../lib/types.ts";
import { Chip } from "../../ui/chip.tsx";
import { cx } from "../../ui/cx.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { type EntitlementLine, useEntitlementLines } from "./entitlement-lines.ts";
import { Section } from "./section.tsx";
import { membershipId, useTier, useTierName } from "./tier.ts";

export function Membership() {
  const t = useTranslations("me");
  const errorText = useErrorText();
  const { tier, error } = useTier();
  // The page may have been loaded for this place, and have had nothing there when the browser looked for it.
  useEffect(() => {
    if (location.hash === `#${membershipId}`) document.getElementById(membershipId)?.scrollIntoView();
  }, []);
  return (
    <Section id={membershipId} title={t("membership")} hint={t("countsHint")}>
      {tier ? (
        <Tiers tier={tier} />
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

interface Step extends HigherTier {
  /** What it adds to the one below it. */
  lines: EntitlementLine[];
}

function Tiers({ tier }: { tier: TierStatus }) {
  const t = useTranslations("me");
  const linesOf = useEntitlementLines();
  const all = tier.higherTiers.map((one, index): Step => {
    const lines = linesOf(one, tier.higherTiers[index - 1] ?? tier);
    return { ...one, lines };
  });
  // Nobody is to hold more for what is not there yet.
  const steps = all.filter(({ lines }) => lines.length > 0);
  return (
    <>
      <Standing tier={tier} next={steps[0]} />
      <Lines label={t("includes")} lines={linesOf(tier)} />
      <Higher steps={steps} />
    </>
  );
}

function Standing({ tier, next }: { tier: TierStatus; next: Step | undefined }) {
  const t = useTranslations("me");
  const counts = tier.lowestBalance + tier.credit;
  const tierName = useTierName();
  const above = tier.higherTiers.length > 0 ? t("nothingMore") : t("top");
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
        {next ? t("next", { missing: skm(next.missing, numberLocale(), "up"), name: tierName(next.name) }) : above}
      </p>
    </div>
  );
}

/** What each tier above adds to the one below it, and how much is missing for it. */
function Higher({ steps }: { steps: Step[] }) {
  const t = useTranslations("me");
  const tierName = useTierName();
  return steps.map(({ name, missing, lines }) => (
    <div key={name}>
      <h3 className="flex flex-wrap items-baseline justify-between gap-x-3 px-4 pt-4">
        <span className="font-medium">{tierName(name)}</span>
        <span className="tabular text-13 text-ink-soft">
          {t("more", { missing: skm(missing, numberLocale(), "up") })}
        </span>
      </h3>
      <Lines quiet label={t("adds", { name: tierName(name) })} lines={lines} />
    </div>
  ));
}

function Lines({ label, lines, quiet }: { label: string; lines: EntitlementLine[]; quiet?: boolean }) {
  return (
    <ul
      aria-label={label}
      className={cx("grid gap-x-4 gap-y-2.5 px-4 pb-4 text-13 text-ink-soft sm:grid-cols-2", quiet ? "pt-2.5" : "pt-4")}
    >
      {lines.map(({ icon: Icon, text }) => (
        <li key={text} className="flex items-center gap-2.5">
          <Icon aria-hidden className={cx("size-4 shrink-0", quiet ? "text-ink-faint" : "text-accent")} />
          {text}
        </li>
      ))}
    </ul>
  );
}
