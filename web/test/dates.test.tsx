// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openConversation } from "../features/conversation/model.ts";
import DateJump from "../features/dates/date-jump.tsx";
import { firstDayOf, shiftDays, shiftMonths, startOf, weeksOf } from "../features/dates/month.ts";
import { PageError } from "../lib/errors.ts";
import type { Conversation } from "../lib/types.ts";
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(cleanup);

describe("months", () => {
  test("weeks begin where people begin them and hold every day once", () => {
    for (const firstDay of [0, 1, 6]) {
      const weeks = weeksOf({ year: 2024, month: 1 }, firstDay);
      expect(weeks.flat().flatMap((day) => day?.day ?? [])).toEqual(
        Array.from({ length: 29 }, (_, index) => index + 1),
      );
      for (const week of weeks) {
        expect(week).toHaveLength(7);
        week.forEach((day, column) => {
          if (day) expect(new Date(startOf(day)).getDay()).toBe((firstDay + column) % 7);
        });
      }
    }
  });

  test("the last day of a month stays the last when the next one is shorter", () => {
    expect(shiftMonths({ year: 2023, month: 0, day: 31 }, 1)).toEqual({ year: 2023, month: 1, day: 28 });
    expect(shiftMonths({ year: 2023, month: 0, day: 15 }, -1)).toEqual({ year: 2022, month: 11, day: 15 });
    expect(shiftDays({ year: 2023, month: 11, day: 31 }, 1)).toEqual({ year: 2024, month: 0, day: 1 });
  });

  test("English weeks begin on Sunday, Chinese ones on Monday or Sunday, and never on no day", () => {
    for (const language of ["en", "zh-CN", "de", "fa"]) expect([0, 1, 6]).toContain(firstDayOf(language));
  });
});

const at = new Date(2024, 4, 15, 10).getTime();
const from = new Date(2024, 3, 20, 10).getTime();

function open() {
  const onChoose = vi.fn();
  show(<DateJump at={at} from={from} to={at} onClose={() => {}} onChoose={onChoose} />);
  return onChoose;
}

describe("the jump to a day", () => {
  test("a day is chosen by touch", () => {
    const onChoose = open();
    fireEvent.click(screen.getByRole("button", { name: "Friday, May 3, 2024" }));
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(new Date(2024, 4, 3).getTime());
  });

  test("days without messages cannot be chosen, nor months without any", () => {
    open();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Thursday, May 16, 2024" }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Month after" }).disabled).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Month before" }));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Friday, April 19, 2024" }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Month before" }).disabled).toBe(true);
  });

  test("the arrows and Page Up walk, and stop at the ends", () => {
    open();
    const table = screen.getByRole("table");
    fireEvent.keyDown(table, { key: "ArrowLeft" });
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Tuesday, May 14, 2024");
    fireEvent.keyDown(table, { key: "PageUp" });
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Saturday, April 20, 2024");
  });
});

const page = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => textMessage(`m${from + index}`, from + index));

/** A history of a thousand messages, one a millisecond. */
const answer: Conversation["messages"] = async (ask = {}) => {
  const { limit = 50 } = ask;
  const number = (id: string) => Number(id.slice(1));
  const from =
    "around" in ask
      ? number(ask.around) - limit / 2
      : "at" in ask
        ? ask.at - limit / 2
        : "after" in ask
          ? number(ask.after) + 1
          : (ask.before ? number(ask.before) : 1_000) - limit;
  const first = Math.max(0, from);
  return page(first, Math.max(0, Math.min(limit, 1_000 - first)));
};

describe("going elsewhere in a long history", () => {
  async function open(messages: Conversation["messages"] = answer) {
    const markRead = vi.fn(async () => {});
    const client = fakeClient({ conversation: { messages, markRead } });
    const model = openConversation(client, "c", 0);
    await settle();
    return { client, model, markRead, state: () => model.store.getState() };
  }

  test("a day far back takes the place of what was shown; reading on leads to the end again", async () => {
    const { model, state } = await open();
    await model.goToDay(500);
    expect(state()).toMatchObject({ latest: false, complete: false, stretch: 1, target: { day: 500 } });
    expect(state().messages.map(({ at }) => at)).toEqual(page(475, 50).map(({ at }) => at));
    for (let turn = 0; turn < 10; turn++) await model.loadNewer();
    expect(state().latest).toBe(true);
    expect(state().messages.at(-1)?.id).toBe("m999");
    expect(state().messages).toHaveLength(525);
  });

  test("from far back, a later day that is not shown is fetched too", async () => {
    const { model, state } = await open();
    await model.goToDay(100);
    await model.goToDay(900);
    expect(state().messages.some(({ at }) => at === 900)).toBe(true);
    expect(state()).toMatchObject({ stretch: 2, target: { day: 900 } });
  });

  test("a message that is shown is only gone to; one near by joins", async () => {
    const { model, state } = await open();
    await model.goToMessage("m990");
    expect(state()).toMatchObject({ stretch: 0, latest: true, target: { message: "m990" } });
    expect(state().messages[0]?.id).toBe("m984");
    await model.goToMessage("m970");
    expect(state()).toMatchObject({ stretch: 0, latest: true });
    expect(state().messages[0]?.id).toBe("m945");
  });

  test("what comes meanwhile is counted, not shown out of place, not taken as read", async () => {
    const { client, model, markRead, state } = await open();
    markRead.mockClear();
    await model.goToMessage("m100");
    client.emit("message", textMessage("new", 2_000));
    expect(state()).toMatchObject({ below: 1, announced: { id: "new" } });
    expect(state().messages.at(-1)?.id).toBe("m124");
    expect(markRead).not.toHaveBeenCalled();
    await model.toLatest();
    expect(state()).toMatchObject({ below: 0, latest: true, stretch: 2 });
  });

  test("a change of something further up is neither new nor shown", async () => {
    const { client, state } = await open();
    client.emit("message", textMessage("m10", 10, { starred: true }));
    expect(state().messages).toHaveLength(16);
    expect(state()).toMatchObject({ below: 0, announced: undefined });
  });

  test("what cannot be fetched is said", async () => {
    let calls = 0;
    const { model, state } = await open(async (ask) => {
      if (calls++ > 0) throw new PageError("MESSAGE_UNKNOWN");
      return answer(ask);
    });
    await model.goToMessage("m10");
    expect(state().error).toBe("MESSAGE_UNKNOWN");
    expect(state().target).toBeUndefined();
  });
});
