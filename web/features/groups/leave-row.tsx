"use client";
import { LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GroupSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmSheet } from "./confirm-sheet.tsx";
import { leaving } from "./model.ts";
import { useGroup } from "./use-group.ts";

export function LeaveRow({ summary, onLeft }: { summary: GroupSummary; onLeft(): void }) {
  const t = useTranslations("groups");
  const actions = useGroup(summary.id);
  const [asking, setAsking] = useState(false);
  const { group } = summary;
  return (
    <div className="mt-8 flex justify-center">
      <Button look="danger-quiet" onClick={() => setAsking(true)}>
        <LogOut aria-hidden className="size-4.5" />
        {t("leave")}
      </Button>
      {asking && (
        <ConfirmSheet
          danger
          title={t("leaveTitle", { name: group.name })}
          text={t(`leaveText.${leaving(group)}`)}
          action={t("leaveAction")}
          onConfirm={async () => {
            await actions.leave();
            onLeft();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
