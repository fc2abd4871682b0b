"use client";
import { useTranslations } from "next-intl";
import type { GroupSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { isAdmin } from "./model.ts";

interface GroupNoticeProps {
  summary: GroupSummary;
  onDetails(): void;
}

/** A thin line under the header: somebody waits at the door, or a change is not through yet. */
export function GroupNotice({ summary: { group }, onDetails }: GroupNoticeProps) {
  const t = useTranslations("groups");
  const { length: count } = group.requests;
  return (
    <div role="status" className="shrink-0">
      {isAdmin(group) && count > 0 ? (
        <p className="anim-fade flex items-center justify-center gap-2 bg-accent-soft px-4 py-1 text-13 text-accent-ink">
          {t("requestsBanner", { count })}
          <Button small look="plain" onClick={onDetails}>
            {t("requestsSee")}
          </Button>
        </p>
      ) : (
        group.settling && (
          <p className="anim-late bg-raised px-4 py-1 text-center text-12 text-ink-soft">{t("settling")}</p>
        )
      )}
    </div>
  );
}
