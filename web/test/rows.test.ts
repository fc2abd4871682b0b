import { describe, expect, test } from "vitest";
import { rowsFilling, rowsOf } from "../features/conversation/rows.ts";
import type { Message } from "../lib/types.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const noon = 20_000 * day + 12 * 60 * minute;
const dayOf = (at: number) => Math.floor(at / day);

function message(id: string, at: number, more: Partial<Message> = {}): Message {
  return {
    id,
    conversationId: "c",
    from: "0x01",
    outgoing: false,
    at,
    body: { type: "text", text: id },
    delivery: "read",
    ...more,
  };
}

const shape = (messages: Message[], options = {}) =>
  rowsOf(messages, { complete: false, dayOf, ...options }).map((row) =>
    row.kind === "message" ? `${row.message.id}${row.first ? "^" : ""}${row.last ? "$" : ""}` : row.kind,
  );

describe("rows that fill a window", () => {
  const rows = rowsOf(
    Array.from({ length: 40 }, (_, i) => message(`m${i}`, noon + i * minute)),
    { complete: true, dayOf },
  );

  test("are the last ones, and never fewer than it takes when all are of one line", () => {
    const filling = rowsFilling(rows, 760);
    expect(filling).toEqual(rows.slice(-filling.length));
    expect(filling).toHaveLength(10);
  });

  test("are all of them in a window that is higher, none in one of nothing", () => {
    expect(rowsFilling(rows, 10_000)).toEqual(rows);
    expect(rowsFilling(rows, 0)).toEqual([]);
  });
});

describe("rows of a conversation", () => {
  test("bubbles of one sender within one minute are one group, the tail on the last", () => {
    expect(shape([message("a", noon), message("b", noon + 20_000), message("c", noon + 59_000)])).toEqual([
      "day",
      "a^",
      "b",
      "c$",
    ]);
  });

  test("another minute or another sender begins a new group", () => {
    const rows = shape([
      message("a", noon),
      message("b", noon + minute),
      message("c", noon + minute, { from: "0x02" }),
    ]);
    expect(rows).toEqual(["day", "a^$", "b^$", "c^$"]);
  });

  test("every day has its heading", () => {
    expect(shape([message("a", noon), message("b", noon + day)])).toEqual(["day", "a^$", "day", "b^$"]);
  });

  test("midnight splits a group", () => {
    const midnight = 20_001 * day;
    expect(shape([message("a", midnight - 1), message("b", midnight)])).toEqual(["day", "a^$", "day", "b^$"]);
  });

  test("the unread line stands before the first unread message and splits its group", () => {
    const rows = shape([message("a", noon), message("b", noon + 1)], { unreadFrom: "b" });
    expect(rows).toEqual(["day", "a^$", "unread", "b^$"]);
  });

  test("calls and failed messages stand alone", () => {
    const call = message("b", noon + 1, {
      body: { type: "call", callId: "x", video: true, outcome: "missed", seconds: 0 },
    });
    expect(shape([message("a", noon), call, message("c", noon + 2)])).toEqual(["day", "a^$", "b^$", "c^$"]);
    expect(shape([message("a", noon, { delivery: "failed" }), message("b", noon + 1)])).toEqual(["day", "a^$", "b^$"]);
  });

  test("the beginning shows once everything is loaded, also in an empty conversation", () => {
    expect(shape([], { complete: true })).toEqual(["beginning"]);
    expect(shape([message("a", noon)], { complete: true })).toEqual(["beginning", "day", "a^$"]);
  });
});
