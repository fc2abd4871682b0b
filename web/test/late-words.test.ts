// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { useLanguage, withLateWords } from "../lib/language.ts";
import en from "../messages/late/en.json" with { type: "json" };
import zh from "../messages/late/zh-CN.json" with { type: "json" };

const title = () => useLanguage.getState().messages.packetHistory?.title;

test("sentences of what comes on demand come with it, and stay when another language is chosen", async () => {
  expect(title()).toBeUndefined();
  const coming = Promise.resolve("a screen");
  // Two screens at the same time wait for the same words.
  expect(await Promise.all([withLateWords(coming), withLateWords(coming)])).toEqual(["a screen", "a screen"]);
  expect(title()).toBe(en.packetHistory.title);
  await useLanguage.getState().choose("zh-CN");
  expect(title()).toBe(zh.packetHistory.title);
  await expect(withLateWords(Promise.reject(new Error("offline")))).rejects.toThrow("offline");
});

test("they come in the language that is being chosen when something needs them", async () => {
  vi.resetModules();
  const fresh = await import("../lib/language.ts");
  const choosing = fresh.useLanguage.getState().choose("zh-CN");
  await Promise.all([fresh.withLateWords(Promise.resolve()), choosing]);
  const { language, messages } = fresh.useLanguage.getState();
  expect([language, messages.packetHistory?.title]).toEqual(["zh-CN", zh.packetHistory.title]);
});
