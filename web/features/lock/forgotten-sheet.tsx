"use client";
import { useTranslations } from "next-intl";
import { EraseSheet } from "../session/erase-sheet.tsx";

/** Nobody can open the lock without its code. */
export default function ForgottenSheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("lock");
  return (
    <EraseSheet
      title={t("forgotTitle")}
      lead={t("forgotLead")}
      points={[t("forgotOther"), t("forgotWallet"), t("forgotHistory")]}
      action={t("forgotAction")}
      onClose={onClose}
    />
  );
}
