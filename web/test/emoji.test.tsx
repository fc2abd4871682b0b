// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import path from "node:path";
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { chooseTone, readEmojiChoice, usedEmoji, useEmojiChoice } from "../features/emoji/choice.ts";
import { emojis, inTone, searchEmoji, type Tone } from "../features/emoji/emoji.ts";
import EmojiPicker from "../features/emoji/emoji-picker.tsx";
import { emojiJson, skinTones } from "../scripts/emoji.ts";
import { memoryVault } from "./memory-vault.ts";
import { show } from "./show.tsx";

vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

beforeEach(() => {
  useEmojiChoice.setState({ recent: [], tone: 0 });
  Element.prototype.scrollIntoView = () => {};
});
afterEach(cleanup);

describe("emoji", () => {
  test("the list is what emojibase-data gives", () => {
    const kept = readFileSync(path.resolve(import.meta.dirname, "../features/emoji/generated/emoji.json"), "utf8");
    expect(kept === emojiJson(), "run `node web/scripts/emoji.ts`").toBe(true);
  });

  test("our arithmetic of tones gives Unicode's own sequences", () => {
    const bySign = new Map(emojis.map((emoji) => [emoji.sign, emoji]));
    const all = skinTones();
    expect(all.length).toBeGreaterThan(1_000);
    for (const { emoji, tone, toned } of all) {
      const known = bySign.get(emoji);
      if (known) expect(inTone(known, tone as Tone)).toBe(toned);
    }
  });

  test.each([
    ["wave", "👋"],
    ["thumbs up", "👍️"],
    ["红包", "🧧"],
    ["狗", "🐶"],
    ["RED heart", "❤️"],
    ["👋", "👋"],
  ])("%s is found", (query, sign) => {
    const found = searchEmoji(query).map((emoji) => emoji.sign.replaceAll("\ufe0f", ""));
    expect(found.slice(0, 14)).toContain(sign.replaceAll("\ufe0f", ""));
  });

  test("nonsense finds nothing, blanks neither", () => {
    expect(searchEmoji("qqqqzz")).toEqual([]);
    expect(searchEmoji("   ")).toEqual([]);
  });

  test("recent ones come first, once each, and survive", async () => {
    const vault = memoryVault();
    for (const sign of ["👍", "🎉", "👍"]) usedEmoji(sign, vault);
    chooseTone(3, vault);
    useEmojiChoice.setState({ recent: [], tone: 0 });
    await readEmojiChoice(vault);
    expect(useEmojiChoice.getState()).toMatchObject({ recent: ["👍", "🎉"], tone: 3 });
  });

  test.each(["nonsense", "[]", '{"recent":[1,{}],"tone":9}'])("a spoilt choice %j begins anew", async (text) => {
    const vault = memoryVault();
    await vault.put("emoji", new TextEncoder().encode(text));
    await readEmojiChoice(vault);
    expect(useEmojiChoice.getState()).toMatchObject({ recent: [], tone: 0 });
  });
});

function open(onPick = vi.fn()) {
  show(<EmojiPicker onPick={onPick} />);
  return { onPick, field: screen.getByRole<HTMLInputElement>("combobox") };
}

describe("the picker", () => {
  test("the arrows walk the grid and Enter takes; the search field keeps the keyboard", () => {
    const { field, onPick } = open();
    expect(document.activeElement).toBe(field);
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "ArrowRight" });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    const options = screen.getAllByRole("option");
    expect(field.getAttribute("aria-activedescendant")).toBe(options[8]?.id);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onPick).toHaveBeenCalledExactlyOnceWith(emojis[8]?.sign);
    expect(useEmojiChoice.getState().recent).toEqual([emojis[8]?.sign]);
  });

  test("what is searched is found by Enter, in the chosen tone", () => {
    const { field, onPick } = open();
    act(() => chooseTone(5));
    fireEvent.change(field, { target: { value: "waving hand" } });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onPick).toHaveBeenCalledExactlyOnceWith("👋🏿");
  });

  test("Enter that chooses a Chinese word picks nothing", () => {
    const { field, onPick } = open();
    fireEvent.change(field, { target: { value: "gou" } });
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    expect(onPick).not.toHaveBeenCalled();
  });

  test("a touch picks, and every sign has a name", () => {
    const { onPick } = open();
    fireEvent.click(screen.getByRole("option", { name: "grinning face" }));
    expect(onPick).toHaveBeenCalledExactlyOnceWith("😀");
  });
});
