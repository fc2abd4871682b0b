"use client";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { useInstall } from "../shell/install.ts";

/** Only where the browser offers it; elsewhere there would be nothing to press. */
export function InstallRow() {
  const t = useTranslations("me");
  const { offer, install } = useInstall();
  if (!offer) return null;
  return (
    <div className="flex min-h-16 items-center gap-3 py-2 pr-2 pl-4">
      <span className="flex-1">
        {t("install")}
        <span className="block text-13 text-ink-faint">{t("installHint")}</span>
      </span>
      <Button small look="primary" onClick={() => void install()}>
        {t("install")}
      </Button>
    </div>
  );
}
