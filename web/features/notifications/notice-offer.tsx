"use client";
import { Bell } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import { Button } from "../../ui/button.tsx";
import { useChats } from "../chats/model.ts";
import { startNoticePermission, useNoticePermission } from "./permission.ts";

/** Offers notices once, when somebody has been written to and an answer is worth waiting for. Never on its own accord. */
export function NoticeOffer() {
  const t = useTranslations("notifications");
  const { notifications, noticesOffered, set } = usePreferences();
  const { permission, ask } = useNoticePermission();
  const waits = useChats(({ conversations }) => Object.values(conversations).some(({ last }) => last?.outgoing));
  useEffect(startNoticePermission, []);
  if (notifications || noticesOffered || permission !== "ask" || !waits) return null;
  const take = async () => {
    const answer = await ask();
    set({ notifications: answer === "granted", noticesOffered: true });
  };
  return (
    <section
      aria-label={t("offer")}
      className="anim-fade mx-3 mb-2 flex items-start gap-3 rounded-md bg-raised px-3 py-2.5 text-13"
    >
      <Bell aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-ink" />
      <div className="min-w-0 flex-1">
        <p>{t("offer")}</p>
        <div className="mt-1 -ml-3 flex flex-wrap gap-1">
          <Button small look="plain" onClick={() => void take()}>
            {t("offerYes")}
          </Button>
          <Button small look="plain" className="text-ink-soft" onClick={() => set({ noticesOffered: true })}>
            {t("offerNo")}
          </Button>
        </div>
      </div>
    </section>
  );
}
