"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import { SwitchRow } from "../../ui/switch.tsx";
import { LockRow } from "../lock/lock-row.tsx";
import { Section } from "./section.tsx";

export function Privacy() {
  const t = useTranslations("me");
  const { relayedOnly, notifications, set } = usePreferences();
  const [denied, setDenied] = useState(false);
  const notify = async (wanted: boolean) => {
    if (!wanted) return set({ notifications: false });
    const answer = "Notification" in window ? await Notification.requestPermission() : "denied";
    setDenied(answer !== "granted");
    set({ notifications: answer === "granted" });
  };
  return (
    <Section title={t("privacy")}>
      <LockRow />
      <SwitchRow
        label={t("relayedOnly")}
        hint={t("relayedOnlyHint")}
        checked={relayedOnly}
        onChange={(checked) => set({ relayedOnly: checked })}
      />
      <SwitchRow
        label={t("notifications")}
        hint={denied ? <span className="text-bad">{t("notificationsDenied")}</span> : t("notificationsHint")}
        checked={notifications}
        onChange={(checked) => void notify(checked)}
      />
    </Section>
  );
}
