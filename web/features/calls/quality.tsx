"use client";
import { useTranslations } from "next-intl";
import type { CallSnapshot } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Tip } from "../../ui/tip.tsx";

const bars = { good: 3, fair: 2, poor: 1 };

export function Quality({ quality }: { quality: CallSnapshot["quality"] }) {
  const t = useTranslations("calls");
  if (!quality) return null;
  const words = { good: t("qualityGood"), fair: t("qualityFair"), poor: t("qualityPoor") }[quality];
  return (
    <Tip text={words}>
      <span
        role="img"
        aria-label={words}
        className="inline-flex h-8 items-end gap-0.75 rounded-full bg-stage-raised/85 px-3 pb-2.5"
      >
        {[1, 2, 3].map((bar) => (
          <span
            key={bar}
            className={cx(
              "w-1 rounded-full",
              bar <= bars[quality]
                ? quality === "poor"
                  ? "bg-[oklch(0.78_0.13_70)]"
                  : "bg-on-stage"
                : "bg-on-stage/25",
            )}
            style={{ height: 4 + bar * 3 }}
          />
        ))}
      </span>
    </Tip>
  );
}
