"use client";
import { Languages, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLanguage } from "../../lib/language.ts";
import { useTheme } from "../../lib/theme.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";

/** Language and theme where there are no settings yet. */
export function QuickSettings() {
  const t = useTranslations("common");
  const { language, choose } = useLanguage();
  const theme = useTheme();
  const other = language === "en" ? "zh-CN" : "en";
  const toggle = () => theme.choose(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  return (
    <div className="flex items-center">
      <Button
        look="quiet"
        className="bg-transparent px-3! text-ink-soft"
        onClick={() => void choose(other)}
        lang={other}
      >
        <Languages aria-hidden className="size-4.5" />
        {other === "en" ? "English" : "中文"}
      </Button>
      <IconButton label={t("theme")} onClick={toggle}>
        <Sun aria-hidden className="hidden size-5 dark:block" />
        <Moon aria-hidden className="size-5 dark:hidden" />
      </IconButton>
    </div>
  );
}
