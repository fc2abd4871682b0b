import { create } from "zustand";
import en from "../messages/en.json" with { type: "json" };
import { readLocal, writeLocal } from "./local.ts";

export const languages = { en: "English", "zh-CN": "中文" } as const;
export type Language = keyof typeof languages;
export type Messages = typeof en & typeof import("../messages/late/en.json");

interface LanguageState {
  language: Language;
  messages: Messages;
  choose(language: Language): Promise<void>;
}

/** Sentences of screens that come on demand, once one has: no page waits for them. */
let late: Promise<void> | undefined;

/** English is in the exported page; Chinese arrives as its own file, only for those who read it. */
export const useLanguage = create<LanguageState>((set) => ({
  language: "en",
  // The late ones come before anything that shows them.
  messages: en as Messages,
  async choose(language) {
    const messages = await chosen(language);
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
      const messages = await chosen(language);
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

/** With the late ones, where something that came meanwhile needs them. */
async function chosen(language: Language): Promise<Messages> {
  const all = late !== undefined;
  const messages = await load(language, all);
  return all || late === undefined ? messages : load(language, true);
}

async function load(language: Language, all: boolean): Promise<Messages> {
  const [words, more] = await Promise.all([
    language === "en" ? en : import("../messages/zh-CN.json").then((chinese) => chinese.default),
    all && (language === "en" ? import("../messages/late/en.json") : import("../messages/late/zh-CN.json")),
  ]);
  return { ...words, ...(more || undefined)?.default } as Messages;
}

/** What comes on demand, with its sentences. */
export async function withLateWords<T>(coming: Promise<T>): Promise<T> {
  late ??= bringLate().catch((error: unknown) => {
    late = undefined;
    throw error;
  });
  const [come] = await Promise.all([coming, late]);
  return come;
}

async function bringLate(): Promise<void> {
  const { language } = useLanguage.getState();
  const messages = await load(language, true);
  // Whoever has chosen another language meanwhile has them in that one.
  if (useLanguage.getState().language === language) useLanguage.setState({ messages });
}
