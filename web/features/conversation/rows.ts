import type { Message, MessageId } from "../../lib/types.ts";

export type Row =
  | { kind: "beginning"; key: string }
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean };

interface RowOptions {
  /** Everything before the first message has been loaded. */
  complete: boolean;
  /** First message that was unread when the conversation was opened. */
  unreadFrom?: MessageId | undefined;
  /** Start of the day of a moment, in the reader's time zone. */
  dayOf?: (at: number) => number;
}

const minute = 60_000;

/** What stands under what: days, the unread line, and bubbles grouped by sender and minute. */
export function rowsOf(messages: readonly Message[], options: RowOptions): Row[] {
  const dayOf = options.dayOf ?? localDay;
  const rows: Row[] = options.complete ? [{ kind: "beginning", key: "beginning" }] : [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const newDay = !before || dayOf(before.at) !== dayOf(message.at);
    const unread = message.id === options.unreadFrom;
    if (newDay) rows.push({ kind: "day", key: `day-${dayOf(message.at)}-${message.id}`, at: message.at });
    if (unread) rows.push({ kind: "unread", key: "unread" });
    rows.push({
      kind: "message",
      key: message.id,
      message,
      first: newDay || unread || !before || !together(before, message),
      last:
        !after || !together(message, after) || dayOf(after.at) !== dayOf(message.at) || after.id === options.unreadFrom,
    });
  });
  return rows;
}

/** They are sure to look the same; a heading says "today" for a day only. */
export function sameRow(a: Row, b: Row): boolean {
  if (a.kind !== "message" || b.kind !== "message") return false;
  return a.message === b.message && a.first === b.first && a.last === b.last;
}

/** The last rows that fill a window of so many pixels at least: the rest need not be drawn to see it. */
export function rowsFilling(rows: readonly Row[], height: number): readonly Row[] {
  let from = rows.length;
  for (let filled = 0; from > 0 && filled < height; ) filled += leastHeight(rows[--from] as Row);
  return rows.slice(from);
}

/** Of one line, in pixels: a bubble is as high as the buttons beside it. */
function leastHeight(row: Row): number {
  if (row.kind !== "message" || !isBubble(row.message)) return 32;
  return 44 + (row.first ? 10 : 2) + (row.last ? 22 : 0);
}

function together(a: Message, b: Message): boolean {
  return (
    a.from === b.from &&
    isBubble(a) &&
    isBubble(b) &&
    Math.floor(a.at / minute) === Math.floor(b.at / minute) &&
    a.delivery !== "failed"
  );
}

const isBubble = ({ body }: Message) => body.type === "text" || body.type === "voice";

function localDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
