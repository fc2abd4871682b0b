"use client";
import { useTranslations } from "next-intl";
import { usePreferences } from "../../lib/preferences.ts";
import { SwitchRow } from "../../ui/switch.tsx";
import { LockRow } from "../lock/lock-row.tsx";
import { NotificationRows } from "../notifications/notification-rows.tsx";
import { Section } from "./section.tsx";

export function Privacy() {
  const t = useTranslations("me");
  const { relayedOnly, set } = usePreferences();
  return (
    <Section title={t("privacy")}>
      <LockRow />
      <SwitchRow
        label={t("relayedOnly")}
        hint={t("relayedOnlyHint")}
        checked={relayedOnly}
        onChange={(checked) => set({ relayedOnly: checked })}
      />
      <NotificationRows />
    </Section>
  );
}
