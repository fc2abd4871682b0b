"use client";
import { NextIntlClientProvider } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { startSession } from "../features/session/model.ts";
import { startInstall } from "../features/shell/install.ts";
import { startUpdates } from "../features/shell/update.ts";
import { useEarlyPress } from "../lib/early-press.ts";
import { startLanguage, useLanguage } from "../lib/language.ts";
import { startPreferences } from "../lib/preferences.ts";
import { startTheme } from "../lib/theme.ts";
import { TipProvider } from "../ui/tip.tsx";
import { Toaster } from "../ui/toaster.tsx";

export function Providers({ children }: { children: ReactNode }) {
  const { language, messages } = useLanguage();
  const [timeZone, setTimeZone] = useState("UTC");

  useEffect(() => {
    setTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
    void startLanguage().finally(() => {
      // One frame later, so that the first thing to be seen is in the right words.
      requestAnimationFrame(() => delete document.documentElement.dataset.words);
    });
    startUpdates();
    const stops = [startPreferences(), startTheme(), startInstall()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);

  useEffect(() => void startSession(), []);
  useEarlyPress();

  return (
    <NextIntlClientProvider locale={language} messages={messages} timeZone={timeZone}>
      <TipProvider>
        {children}
        <Toaster />
      </TipProvider>
    </NextIntlClientProvider>
  );
}
