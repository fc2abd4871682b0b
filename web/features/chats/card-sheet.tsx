"use client";
import { useTranslations } from "next-intl";
import { Sheet } from "../../ui/sheet.tsx";
import { MyCard } from "./my-card.tsx";

export default function CardSheet({ onClose }: { onClose(): void }) {
  const t = useTranslations("card");
  return (
    <Sheet open onClose={onClose} title={t("title")} description={t("lead")}>
      <div className="mx-auto max-w-80 pt-2">
        <MyCard />
      </div>
    </Sheet>
  );
}
