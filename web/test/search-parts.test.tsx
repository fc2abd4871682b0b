// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { excerpt } from "../features/search/excerpt.ts";
import { Highlighted } from "../features/search/highlighted.tsx";
import SearchPane, { type SearchPaneProps } from "../features/search/search-pane.tsx";
import StarredSheet from "../features/starred/starred-sheet.tsx";
import type { SearchResult } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

beforeEach(() => {
  Element.prototype.scrollIntoView = () => {};
});
afterEach(cleanup);

describe("excerpts", () => {
  const marked = (text: string, ranges: [number, number][]) => {
    const shown = excerpt(text, ranges);
    return shown.ranges.map(([from, to]) => shown.text.slice(from, to));
  };

  test("short texts stay whole, long ones begin near the first match", () => {
    expect(excerpt("find me", [[5, 7]])).toEqual({ text: "find me", ranges: [[5, 7]] });
    const long = `${"word ".repeat(100)}needle${" word".repeat(100)}`;
    const shown = excerpt(long, [[500, 506]]);
    expect(shown.text.startsWith("…")).toBe(true);
    expect(shown.text.length).toBeLessThanOrEqual(162);
    expect(marked(long, [[500, 506]])).toEqual(["needle"]);
  });

  test("ranges that are out of order, overlap or lie outside are put right", () => {
    expect(
      marked("abcdef", [
        [4, 6],
        [0, 3],
        [2, 4],
        [5, 99],
        [-3, 0],
        [3, 2],
      ]),
    ).toEqual(["abc", "d", "ef"]);
  });

  test("no character is cut in half", () => {
    const shown = excerpt("😀".repeat(200), [[301, 303]]);
    expect(shown.text.isWellFormed()).toBe(true);
  });

  test("matches are marked as such, the text stays whole", () => {
    const { container } = show(
      <Highlighted
        text="tea and tea"
        ranges={[
          [0, 3],
          [8, 11],
        ]}
      />,
    );
    expect(container.textContent).toBe("tea and tea");
    expect([...container.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["tea", "tea"]);
  });
});

const result = (id: string): SearchResult => ({
  conversationId: "c",
  message: textMessage(id, 0, { body: { type: "text", text: `tea ${id}` } }),
  ranges: [[0, 3]],
});

function open(more: Partial<SearchPaneProps> = {}) {
  const calls = { onQuery: vi.fn(), onJump: vi.fn(), onClose: vi.fn() };
  show(
    <SearchPane
      query="tea"
      state="done"
      results={[result("1"), result("2")]}
      nameOf={() => "wei"}
      {...calls}
      {...more}
    />,
  );
  return { ...calls, field: screen.getByRole("combobox") };
}

describe("the search pane", () => {
  test("the arrows walk, Enter shows, Escape closes", () => {
    const { field, onJump, onClose } = open();
    expect(document.activeElement).toBe(field);
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    expect(field.getAttribute("aria-activedescendant")).toBe(screen.getAllByRole("option")[1]?.id);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onJump).toHaveBeenCalledExactlyOnceWith(result("2"));
    fireEvent.keyDown(field, { key: "Escape" });
    expect(onClose).toHaveBeenCalledOnce();
  });

  test("typing asks anew, a touch shows, more is fetched on demand", () => {
    const onMore = vi.fn();
    const { field, onQuery, onJump } = open({ onMore });
    fireEvent.change(field, { target: { value: "coffee" } });
    expect(onQuery).toHaveBeenCalledExactlyOnceWith("coffee");
    fireEvent.click(screen.getAllByRole("option")[0] as Element);
    expect(onJump).toHaveBeenCalledExactlyOnceWith(result("1"));
    fireEvent.click(screen.getByRole("button", { name: en.search.more }));
    expect(onMore).toHaveBeenCalledOnce();
  });

  test("says how much was found, also nothing", () => {
    open();
    expect(screen.getByRole("status").textContent).toBe("2 messages");
    cleanup();
    open({ results: [] });
    expect(screen.getByRole("status").textContent).toBe("Nothing was found");
    cleanup();
    open({ results: [], state: "idle" });
    expect(screen.getByRole("status").textContent).toBe("");
  });

  test("what an admin shared is shown as that admin's word", () => {
    const own = result("1");
    const shared = { ...own, message: { ...own.message, id: "3", from: "0x02", sharedBy: "0x03" } } as SearchResult;
    const names: Record<string, string> = { "0x02": "wei", "0x03": "lin" };
    open({ results: [own, shared], nameOf: (id) => names[id] ?? "" });
    expect(screen.getAllByRole("option").map((option) => option.querySelector("bdi")?.textContent)).toEqual([
      "wei",
      "wei · shared by lin",
    ]);
  });
});

describe("starred messages", () => {
  const item = {
    id: "1",
    conversationId: "c",
    from: "0x02",
    name: "wei",
    place: "Tea",
    at: 0,
    text: "**keep**",
  } as const;

  test("lead to their place and lose their star", () => {
    const onJump = vi.fn();
    const onUnstar = vi.fn();
    show(<StarredSheet items={[item]} onJump={onJump} onUnstar={onUnstar} onClose={() => {}} />);
    expect(screen.getByText("wei in Tea")).toBeTruthy();
    fireEvent.click(screen.getByText("keep"));
    expect(onJump).toHaveBeenCalledExactlyOnceWith(item);
    fireEvent.click(screen.getByRole("button", { name: en.starred.unstar }));
    expect(onUnstar).toHaveBeenCalledExactlyOnceWith(item);
  });

  test("an empty list says where stars come from", () => {
    show(<StarredSheet items={[]} onJump={() => {}} onUnstar={() => {}} onClose={() => {}} />);
    expect(screen.getByText(en.starred.empty)).toBeTruthy();
  });
});
