"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { TornLetter } from "../../ui/drawings.tsx";
import { EraseSheet } from "./erase-sheet.tsx";
import { useSession } from "./model.ts";
import { Notice } from "./notice.tsx";

/** What is kept on this device cannot be read any more. */
export default function Damaged() {
  const t = useTranslations("gate");
  const common = useTranslations("common");
  const retry = useSession((state) => state.retry);
  const [asking, setAsking] = useState(false);
  return (
    <Notice drawing={<TornLetter />} title={t("damagedTitle")} text={t("damaged")}>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" onClick={() => void retry()}>
          {common("retry")}
        </Button>
        <Button look="quiet" onClick={() => setAsking(true)}>
          {t("anew")}
        </Button>
      </div>
      {asking && (
        <EraseSheet
          title={t("anewTitle")}
          lead={t("anewLead")}
          points={[t("anewName"), t("anewBack"), t("anewWallet")]}
          action={t("anewAction")}
          onClose={() => setAsking(false)}
        />
      )}
    </Notice>
  );
}
