import { createContext, useContext } from "react";
import { en, type Words } from "./en.ts";
import { zh } from "./zh.ts";

export type Locale = "en" | "zh-CN";
export const dictionaries: Record<Locale, Words> = { en, "zh-CN": zh };

export const WordsContext = createContext<{ words: Words; locale: Locale }>({ words: en, locale: "en" });
export const useWords = () => useContext(WordsContext);

export const sentenceOf = (words: Words, code: string): string => words.errors[code] ?? words.otherError(code);
