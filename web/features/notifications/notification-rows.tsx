"use client";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { type NoticeContent, usePreferences } from "../../lib/preferences.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { SwitchRow } from "../../ui/switch.tsx";
import { startNoticePermission, useNoticePermission } from "./permission.ts";

/** Notices on and off, how much they show, and what to do where the browser says no. */
export function NotificationRows() {
  const t = useTranslations("notifications");
  const { notifications, noticeContent, set } = usePreferences();
  const { permission, ask } = useNoticePermission();
  useEffect(startNoticePermission, []);
  const on = notifications && permission === "granted";
  const change = async (wanted: boolean) => {
    if (!wanted) return set({ notifications: false });
    set({ notifications: (await ask()) === "granted" });
  };
  const hints = {
    unsupported: t("unsupported"),
    denied: <span className="text-bad">{t("denied")}</span>,
    ask: t("hint"),
    granted: t("hint"),
  };
  const options = (["text", "name", "nothing"] as const).map((value) => ({ value, label: t(`content.${value}`) }));
  return (
    <>
      <SwitchRow
        label={t("title")}
        hint={hints[permission]}
        checked={on}
        onChange={(wanted) => void change(wanted)}
        disabled={permission === "unsupported"}
      />
      {on && (
        <div className="flex min-h-16 flex-wrap items-center justify-between gap-2 px-4 py-2.5">
          <span>{t("contentLabel")}</span>
          <Segmented<NoticeContent>
            label={t("contentLabel")}
            value={noticeContent}
            options={options}
            onChange={(next) => set({ noticeContent: next })}
          />
        </div>
      )}
    </>
  );
}
