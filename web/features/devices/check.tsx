"use client";
import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { LinkApproval } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Digits } from "./digits.tsx";
import { useDeviceName } from "./use-device-name.ts";

interface CheckProps {
  approval: LinkApproval;
  busy: boolean;
  onYes(): Promise<void>;
  onNo(): void;
}

/** The one question that keeps an identity in its owner's hands. */
export function Check({ approval: { code, oldest }, busy, onYes, onNo }: CheckProps) {
  const t = useTranslations("devices");
  const nameOf = useDeviceName();
  return (
    <div className="anim-rise mt-4">
      <div className="rounded-lg border border-hairline bg-float px-4 py-6">
        <Digits code={code} label={t("digitsThere")} />
      </div>
      <p className="mt-4 flex gap-3 rounded-md bg-wait-soft px-4 py-3.5 text-wait">
        <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
        {t("checkWarning")}
      </p>
      {oldest && <p className="mt-4 text-ink-soft">{t("makesRoom", { name: nameOf(oldest) })}</p>}
      <div className="mt-6 flex flex-wrap gap-2">
        <Button look="primary" busy={busy} onClick={() => void onYes()} className="max-wide:w-full">
          {t("same")}
        </Button>
        <Button look="quiet" disabled={busy} onClick={onNo} className="max-wide:w-full">
          {t("differ")}
        </Button>
      </div>
    </div>
  );
}
