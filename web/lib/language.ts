import { create } from "zustand";
import en from "../messages/en.json" with { type: "json" };
import { readLocal, writeLocal } from "./local.ts";

export const languages = { en: "English", "zh-CN": "中文" } as const;
export type Language = keyof typeof languages;
export type Messages = typeof en;

interface LanguageState {
  language: Language;
  messages: Messages;
  choose(language: Language): Promise<void>;
}

/** English is in the exported page; Chinese arrives as its own file, only for those who read it. */
export const useLanguage = create<LanguageState>((set) => ({
  language: "en",
  messages: en,
  async choose(language) {
    const messages = await load(language);
    writeLocal("language", language);
    document.documentElement.lang = language;
    set({ language, messages });
  },
}));

/** Takes over what the boot script found, then shows the page. */
export async function startLanguage(): Promise<void> {
  const stored = readLocal("language");
  const language = preferred(stored, navigator.language);
  try {
    if (language !== "en") {
      const messages = await load(language);
      useLanguage.setState({ language, messages });
    }
    document.documentElement.lang = language;
  } catch {
    document.documentElement.lang = "en"; // offline before the file was kept: English is better than an empty page
  }
}

/** The remembered language, else the browser's, else English. */
export function preferred(stored: string | null, browser: string): Language {
  if (stored === "en" || stored === "zh-CN") return stored;
  return /^zh/i.test(browser) ? "zh-CN" : "en";
}

async function load(language: Language): Promise<Messages> {
  if (language === "en") return en;
  const chinese = await import("../messages/zh-CN.json");
  return chinese.default as Messages;
}
