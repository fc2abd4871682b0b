"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Language, languages, useLanguage, withLateWords } from "../../lib/language.ts";
import { onDemand } from "../../lib/on-demand.ts";
import { type ThemeChoice, useTheme } from "../../lib/theme.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { MyCard } from "../chats/my-card.tsx";
import { useConnection } from "../shell/connection.ts";
import { InstallRow } from "./install-row.tsx";
import { Membership } from "./membership.tsx";
import { Privacy } from "./privacy.tsx";
import { PublicIdRow } from "./public-id-row.tsx";
import { RelayList } from "./relay-list.tsx";
import { Section } from "./section.tsx";
import { SignOut } from "./sign-out.tsx";

/** Most of it is far down, and much of it. */
const WalletSection = onDemand(
  async () => ({ default: (await import("./wallet-section.tsx")).WalletSection }),
  <div className="min-h-40" />,
);
const DevicesSection = onDemand(() => import("../devices/devices-section.tsx"), <div className="min-h-64" />);
const MoneySection = onDemand(() => withLateWords(import("../money/money-section.tsx")), <div className="min-h-48" />);
const ProvenanceNote = onDemand(() => withLateWords(import("./provenance-note.tsx")));
const HistorySection = onDemand(() => import("../devices/history-section.tsx"), <div className="min-h-64" />);

export function Me() {
  const t = useTranslations("me");
  const relays = useConnection((state) => state.relays);
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[560px] px-4 pt-2 pb-16 wide:py-8">
        <h1 className="flex h-13 items-center px-1 text-20 font-semibold tracking-[-0.015em]">{t("title")}</h1>
        <section aria-label={t("profile")} className="overflow-hidden rounded-lg border border-hairline bg-float">
          <div className="mx-auto max-w-88 px-5 py-6">
            <MyCard />
          </div>
          <div className="border-t border-hairline">
            <PublicIdRow />
          </div>
        </section>
        <Membership />
        <MoneySection />
        <Section title={t("look")}>
          <LanguageRow />
          <ThemeRow />
        </Section>
        <Privacy />
        <WalletSection />
        <DevicesSection />
        <HistorySection />
        <Section title={t("relays")} hint={t("relaysHint")}>
          <RelayList relays={relays} />
          <ProvenanceNote />
        </Section>
        <Section title={t("about")}>
          <InstallRow />
          <p className="px-4 py-3.5 text-13 leading-relaxed text-ink-soft">{t("aboutText")}</p>
        </Section>
        <SignOut />
      </div>
    </main>
  );
}

function LanguageRow() {
  const t = useTranslations("common");
  const { language, choose } = useLanguage();
  const options = (Object.keys(languages) as Language[]).map((value) => ({ value, label: languages[value] }));
  return (
    <div className="flex min-h-16 flex-wrap items-center justify-between gap-2 px-4 py-2.5">
      {t("language")}
      <Segmented label={t("language")} value={language} options={options} onChange={(next) => void choose(next)} />
    </div>
  );
}

function ThemeRow() {
  const t = useTranslations("common");
  const { choice, choose } = useTheme();
  const options: { value: ThemeChoice; label: string; icon: React.ReactNode }[] = [
    { value: "system", label: t("themeSystem"), icon: <Monitor aria-hidden className="size-4" /> },
    { value: "light", label: t("themeLight"), icon: <Sun aria-hidden className="size-4" /> },
    { value: "dark", label: t("themeDark"), icon: <Moon aria-hidden className="size-4" /> },
  ];
  return (
    <div className="flex min-h-16 flex-wrap items-center justify-between gap-2 px-4 py-2.5">
      {t("theme")}
      <Segmented label={t("theme")} value={choice} options={options} onChange={choose} />
    </div>
  );
}
