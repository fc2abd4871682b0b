import { render } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import type { ReactElement } from "react";
import type { Language } from "../lib/language.ts";
import { TipProvider } from "../ui/tip.tsx";
import { messages } from "./all-messages.ts";

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
