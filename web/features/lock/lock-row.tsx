"use client";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { codeOf } from "../../lib/errors.ts";
import { onDemand } from "../../lib/on-demand.ts";
import { usePreferences } from "../../lib/preferences.ts";
import { Button } from "../../ui/button.tsx";
import { SwitchRow } from "../../ui/switch.tsx";
import { isCalling, useCalls } from "../calls/model.ts";
import { useSession } from "../session/model.ts";
import { useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { readLockLabel, writeLockLabel } from "./label.ts";
import { useTimeText } from "./times.ts";

const LockSheet = onDemand(() => import("./lock-sheet.tsx"));

/** The lock among the settings: how it stands, and what it shows. */
export function LockRow() {
  const t = useTranslations("lock");
  const { locks, lock } = useSession();
  const minutes = usePreferences((state) => state.lockMinutes);
  const timeText = useTimeText();
  const errorText = useErrorText();
  const inCall = useCalls(isCalling);
  const identity = useIdentity();
  const [open, setOpen] = useState(false);
  const [shows, setShows] = useState(false);
  useEffect(() => setShows(readLockLabel() !== undefined), []);
  const lockNow = () => void lock().catch((error: unknown) => toast(errorText(codeOf(error))));
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        disabled={inCall}
        className="pressable flex w-full items-center gap-3 px-4 py-3 text-left hover:bg-raised disabled:opacity-45"
      >
        <span className="min-w-0 flex-1">
          <span className="block">{t("row")}</span>
          <span className="mt-0.5 block text-13 text-ink-faint">{inCall ? t("notInCall") : t("rowHint")}</span>
        </span>
        <span className="shrink-0 text-13 text-ink-soft">{locks ? timeText(minutes) : t("off")}</span>
        <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-faint" />
      </button>
      {locks && (
        <>
          <SwitchRow
            label={t("showMe")}
            hint={t("showMeHint")}
            checked={shows}
            onChange={(wanted) => {
              writeLockLabel(wanted ? identity : undefined);
              setShows(wanted);
            }}
          />
          <div className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
            <span className="flex-1">{t("nowHint")}</span>
            <Button small look="plain" disabled={inCall} onClick={lockNow}>
              {t("now")}
            </Button>
          </div>
        </>
      )}
      {open && <LockSheet onClose={() => setOpen(false)} />}
    </>
  );
}
