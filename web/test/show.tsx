import { render } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import type { ReactElement } from "react";
import type { Language } from "../lib/language.ts";
import en from "../messages/en.json" with { type: "json" };
import lateEn from "../messages/late/en.json" with { type: "json" };
import lateZh from "../messages/late/zh-CN.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { TipProvider } from "../ui/tip.tsx";

const messages = { en: { ...en, ...lateEn }, "zh-CN": { ...zh, ...lateZh } };
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

/** Renders inside what every screen stands in: words of a language and tips. */
export function show(element: ReactElement, language: Language = "en") {
  return render(element, {
    wrapper: ({ children }) => (
      <NextIntlClientProvider locale={language} messages={messages[language]} timeZone={timeZone}>
        <TipProvider>{children}</TipProvider>
      </NextIntlClientProvider>
    ),
  });
}
