// @vitest-environment happy-dom
import { act, cleanup, fireEvent, renderHook, screen } from "@testing-library/react";
import type { KeyboardEvent } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConversationMenu } from "../features/conversation/conversation-menu.tsx";
import { complete, mentionAt, mentionsIn, suggest } from "../features/mention/mention.ts";
import { MentionList } from "../features/mention/mention-list.tsx";
import { type MentionInput, useMention } from "../features/mention/use-mention.ts";
import { NoticeLine } from "../features/notice/notice-line.tsx";
import { timerUnit } from "../features/timer/timer.ts";
import { TimerChip } from "../features/timer/timer-chip.tsx";
import TimerSheet from "../features/timer/timer-sheet.tsx";
import type { Notice } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { show } from "./show.tsx";

beforeEach(() => {
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.scrollIntoView = () => {};
});
afterEach(cleanup);

const names: Record<string, string> = { "0x01": "lin", "0x02": "wei", "0x03": "微风" };
const nameOf = (person: string) => names[person] ?? "?";

describe("notices", () => {
  const say = (notice: Notice, language: "en" | "zh-CN" = "en") => {
    const { container } = show(<NoticeLine notice={notice} me="0x01" nameOf={nameOf} />, language);
    return container.textContent;
  };

  test.each<[Notice, string, string]>([
    [{ kind: "added", by: "0x02", people: ["0x01", "0x03"] }, "wei added you and 微风", "wei把你和微风加进了群"],
    [{ kind: "added", by: "0x01", people: ["0x02"] }, "You added wei", "你把wei加进了群"],
    [{ kind: "added", by: "0x03", people: ["0x03"] }, "微风 joined", "微风进群了"],
    [{ kind: "left", people: ["0x02"] }, "wei left", "wei退群了"],
    [{ kind: "removed", by: "0x02", people: ["0x03"] }, "wei removed 微风", "wei把微风移出了群"],
    [{ kind: "name", by: "0x02", name: "Tea" }, "wei named the group Tea", "wei把群名改为“Tea”"],
    [{ kind: "role", by: "0x02", person: "0x01", role: "admin" }, "wei made you an admin", "wei请你当管理员"],
    [{ kind: "write", by: "0x02", write: "admins" }, "wei let only admins write", "wei改为只有管理员能发言"],
    [{ kind: "unpinned", by: "0x01" }, "You unpinned a message", "你取消了一条置顶"],
    [
      { kind: "timer", by: "0x02", seconds: 3_600 },
      "wei set messages to disappear after 1 hour",
      "wei让消息在 1 小时后消失",
    ],
    [{ kind: "timer", by: "0x02", seconds: 0 }, "wei set messages to stay", "wei让消息一直保留"],
    [{ kind: "join", by: "0x02", join: "closed" }, "wei closed the link", "wei关闭了入群链接"],
    [{ kind: "role", by: "0x02", person: "0x03", role: "owner" }, "wei made 微风 the owner", "wei把群主交给了微风"],
    [
      { kind: "shared", by: "0x02", person: "0x01" },
      "wei shared what was said before with you",
      "wei让你看到了以前的消息",
    ],
    [
      { kind: "shared", by: "0x01", person: "0x03", since: Date.UTC(2026, 4, 5, 12) },
      "You shared what was said since May 5, 2026 with 微风",
      "你让微风看到了 2026年5月5日 以来的消息",
    ],
    [{ kind: "created", by: "0x01" }, "You opened this group", "你建了这个群"],
  ])("%j", (notice, english, chinese) => {
    expect(say(notice)).toBe(english);
    cleanup();
    expect(say(notice, "zh-CN")).toBe(chinese);
  });
});

const people = [
  { publicId: "0x01", name: "lin" },
  { publicId: "0x02", name: "linda" },
  { publicId: "0x03", name: "微风" },
  { publicId: "0x04", name: "colin" },
] as const;

describe("mentions while typing", () => {
  test.each<[string, ReturnType<typeof mentionAt>]>([
    ["@", { from: 0, query: "" }],
    ["hi @li", { from: 3, query: "li" }],
    ["（@微", { from: 1, query: "微" }],
    ["mail@li", undefined],
    ["@li n", undefined],
    ["@@", undefined],
    [`@${"a".repeat(65)}`, undefined],
  ])("%j", (text, expected) => expect(mentionAt(text, text.length)).toEqual(expected));

  test("names that begin so come first", () => {
    expect(suggest(people, "lin").map(({ name }) => name)).toEqual(["lin", "linda", "colin"]);
    expect(suggest(people, "")).toHaveLength(4);
    expect(suggest(people, "zz")).toEqual([]);
  });

  test("choosing writes the name and goes on behind it", () => {
    expect(complete("hi @li there", 6, people[1])).toEqual({ text: "hi @linda there", caret: 10 });
  });

  test("who is mentioned is who will be shown so", () => {
    expect(mentionsIn("@linda and **@微风**, `@lin`, x@lin", people)).toEqual(["0x02", "0x03"]);
    expect(mentionsIn("> @lin\n- @linda", people)).toEqual(["0x01", "0x02"]);
    expect(mentionsIn("nobody", people)).toEqual([]);
  });

  const typing = (text: string) => {
    const onComplete = vi.fn();
    const hook = renderHook((input: MentionInput) => useMention(input), {
      initialProps: { people, text, caret: text.length, onComplete },
    });
    const press = (key: string, more: object = {}) => {
      let taken = false;
      act(() => {
        const event = { key, nativeEvent: { isComposing: false, ...more }, preventDefault() {}, stopPropagation() {} };
        taken = hook.result.current.onKeyDown(event as KeyboardEvent);
      });
      return taken;
    };
    return { hook, press, onComplete };
  };

  test("arrows choose, Enter and Tab take", () => {
    const { hook, press, onComplete } = typing("hi @lin");
    expect(hook.result.current.field["aria-activedescendant"]).toMatch(/-0$/);
    expect(press("ArrowUp")).toBe(true);
    expect(press("Enter")).toBe(true);
    expect(onComplete).toHaveBeenCalledExactlyOnceWith({ text: "hi @colin ", caret: 10 });
  });

  test("Escape closes this one; without a list every key is the composer's", () => {
    const { hook, press } = typing("@lin");
    expect(press("Escape")).toBe(true);
    expect(hook.result.current.list.options).toEqual([]);
    expect(press("Enter")).toBe(false);
    expect(typing("hello").press("Enter")).toBe(false);
  });

  test("a key that chooses a Chinese word is left alone", () => {
    const { press, onComplete } = typing("@wei");
    expect(press("Enter", { isComposing: true })).toBe(false);
    expect(onComplete).not.toHaveBeenCalled();
  });

  test("the list is named and a touch picks", () => {
    const onPick = vi.fn();
    show(<MentionList id="m" options={people} active={1} onPick={onPick} />);
    expect(screen.getByRole("option", { selected: true }).textContent).toBe("linda");
    fireEvent.click(screen.getByRole("option", { name: "微风" }));
    expect(onPick).toHaveBeenCalledExactlyOnceWith(people[2]);
  });
});

describe("disappearing messages", () => {
  test.each([
    [30, { unit: "seconds", count: 30 }],
    [300, { unit: "minutes", count: 5 }],
    [86_400, { unit: "days", count: 1 }],
    [90, { unit: "seconds", count: 90 }],
    [5_400, { unit: "minutes", count: 90 }],
    [0, { unit: "seconds", count: 0 }],
    [-3, { unit: "seconds", count: 0 }],
  ])("%d seconds", (seconds, expected) => expect(timerUnit(seconds)).toEqual(expected));

  test("the chip says how soon and leads to the choice", () => {
    const onChange = vi.fn();
    show(<TimerChip seconds={604_800} onChange={onChange} />);
    fireEvent.click(screen.getByRole("button", { name: "7 days until messages disappear. Change" }));
    expect(onChange).toHaveBeenCalledOnce();
    cleanup();
    show(<TimerChip seconds={30} />);
    expect(screen.getByRole("img", { name: "Messages disappear after 30 seconds" })).toBeTruthy();
    cleanup();
    expect(show(<TimerChip seconds={0} />).container.textContent).toBe("");
  });

  test("a time that others chose is in the list, and choosing closes", () => {
    const onChoose = vi.fn();
    const onClose = vi.fn();
    show(<TimerSheet seconds={5_400} onChoose={onChoose} onClose={onClose} />);
    expect(screen.getByRole("radio", { checked: true }).textContent).toBe("90 minutes");
    fireEvent.click(screen.getByRole("radio", { name: en.timer.off }));
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(0);
    expect(onClose).toHaveBeenCalledOnce();
  });
});

describe("the menu of a conversation", () => {
  const open = (more: Partial<Parameters<typeof ConversationMenu>[0]> = {}) => {
    const calls = { onSearch: vi.fn(), onStarred: vi.fn(), onTimer: vi.fn(), onArchive: vi.fn(), onMute: vi.fn() };
    show(<ConversationMenu archived={false} {...calls} {...more} />);
    fireEvent.keyDown(screen.getByRole("button", { name: en.conversationMenu.more }), { key: "Enter" });
    return calls;
  };
  const choose = (name: string) => fireEvent.click(screen.getByRole("menuitem", { name }));

  test("mutes for a while, for ever, and takes it back", () => {
    const now = Date.now();
    const { onMute } = open();
    choose("Mute");
    fireEvent.click(screen.getByRole("radio", { name: "For an hour" }));
    expect(onMute.mock.lastCall?.[0]).toBeGreaterThanOrEqual(now + 3_600_000);
    cleanup();
    const ever = open();
    choose("Mute");
    fireEvent.click(screen.getByRole("radio", { name: "Until I unmute it" }));
    expect(ever.onMute).toHaveBeenCalledExactlyOnceWith(Number.MAX_SAFE_INTEGER);
    cleanup();
    const muted = open({ mutedUntil: Number.MAX_SAFE_INTEGER });
    choose("Unmute");
    expect(muted.onMute).toHaveBeenCalledExactlyOnceWith(undefined);
  });

  test("archives and brings back, searches, and leaves out what is not allowed", () => {
    const { onArchive } = open({ archived: true, onTimer: undefined });
    expect(screen.queryByRole("menuitem", { name: en.conversationMenu.timer })).toBeNull();
    choose(en.conversationMenu.unarchive);
    expect(onArchive).toHaveBeenCalledExactlyOnceWith(false);
    cleanup();
    const { onSearch } = open();
    choose("Search");
    expect(onSearch).toHaveBeenCalledOnce();
  });
});
