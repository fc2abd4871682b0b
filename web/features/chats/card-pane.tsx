"use client";
import { useTranslations } from "next-intl";
import { MyCard } from "./my-card.tsx";

/** Home on a wide screen: nothing is open, so one's own card is. */
export default function CardPane() {
  const t = useTranslations("card");
  return (
    <div className="flex h-full items-center justify-center overflow-y-auto p-8">
      <section aria-label={t("title")} className="anim-fade w-80">
        <MyCard />
        <p className="mt-6 text-center text-13 text-balance text-ink-faint">{t("lead")}</p>
      </section>
    </div>
  );
}
