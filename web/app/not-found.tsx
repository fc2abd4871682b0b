"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "../ui/button.tsx";
import { ClosedDoor } from "../ui/drawings.tsx";

export default function NotFound() {
  const t = useTranslations("gate");
  const router = useRouter();
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <div aria-hidden className="text-ink-faint">
        <ClosedDoor />
      </div>
      <h1 className="text-20 font-semibold">{t("nowhereTitle")}</h1>
      <Button look="primary" onClick={() => router.replace("/")}>
        {t("toStart")}
      </Button>
    </main>
  );
}
