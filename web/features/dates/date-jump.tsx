"use client";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { type Day, dayOf, firstDayOf, shiftDays, shiftMonths, startOf, weeksOf } from "./month.ts";

export interface DateJumpProps {
  /** The day the reader comes from. */
  at: number;
  /** First and last moment there is anything to see. */
  from: number;
  to: number;
  onClose(): void;
  /** Start of the chosen day in the reader's time zone. */
  onChoose(at: number): void;
}

/** A month at a time; the arrows walk days, Page Up and Page Down months (ARIA's grid of dates). */
export default function DateJump({ at, from, to, onClose, onChoose }: DateJumpProps) {
  const t = useTranslations("dates");
  const format = useFormatter();
  const firstDay = firstDayOf(useLocale());
  const [focus, setFocus] = useState<Day>(() => dayOf(at));
  const moved = useRef(false);
  const active = useRef<HTMLButtonElement>(null);
  const first = startOf(dayOf(from));
  const possible = (day: Day) => startOf(day) >= first && startOf(day) <= to;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the keyboard follows the day it moved to
  useEffect(() => {
    if (moved.current) active.current?.focus();
  }, [focus]);

  const go = (day: Day) => {
    const start = Math.min(Math.max(startOf(day), first), to);
    setFocus(dayOf(start));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    const months = { PageUp: -1, PageDown: 1 }[event.key];
    if (!days && !months) return;
    event.preventDefault();
    moved.current = true;
    go(days ? shiftDays(focus, days) : shiftMonths(focus, months ?? 0));
  };
  const turn = (months: number) => {
    moved.current = false;
    go(shiftMonths(focus, months));
  };
  const earlier = startOf({ ...focus, day: 1 }) > first;
  const later = startOf({ year: focus.year, month: focus.month + 1, day: 1 }) <= to;
  const monthName = format.dateTime(startOf({ ...focus, day: 1 }), { month: "long", year: "numeric" });

  return (
    <Sheet open onClose={onClose} title={t("title")}>
      <div className="mx-auto max-w-88">
        <div className="flex items-center justify-between">
          <IconButton label={t("earlier")} disabled={!earlier} onClick={() => turn(-1)}>
            <ChevronLeft aria-hidden className="size-5" />
          </IconButton>
          <h3 aria-live="polite" className="font-semibold">
            {monthName}
          </h3>
          <IconButton label={t("later")} disabled={!later} onClick={() => turn(1)}>
            <ChevronRight aria-hidden className="size-5" />
          </IconButton>
        </div>
        <table aria-label={monthName} className="mt-1 w-full table-fixed" onKeyDown={onKeyDown}>
          <thead>
            <tr>
              {weekDays(firstDay).map((moment) => (
                <th key={moment} scope="col" className="h-9 text-12 font-medium text-ink-faint">
                  <span aria-hidden>{format.dateTime(moment, { weekday: "narrow" })}</span>
                  <span className="sr-only">{format.dateTime(moment, { weekday: "long" })}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(focus, firstDay).map((week) => (
              <tr key={week.find(Boolean)?.day}>
                {week.map((day, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column of the week is its place
                  <td key={column} className="p-0">
                    {day && (
                      <button
                        ref={day.day === focus.day ? active : undefined}
                        type="button"
                        tabIndex={day.day === focus.day ? 0 : -1}
                        aria-current={same(day, dayOf(at)) ? "date" : undefined}
                        aria-label={format.dateTime(startOf(day), { dateStyle: "full" })}
                        disabled={!possible(day)}
                        onClick={() => onChoose(startOf(day))}
                        className={cx(
                          "pressable tabular mx-auto flex size-11 items-center justify-center rounded-full disabled:text-ink-faint disabled:opacity-45",
                          same(day, dayOf(at)) ? "bg-accent font-semibold text-on-accent" : "enabled:hover:bg-raised",
                        )}
                      >
                        {day.day}
                      </button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Sheet>
  );
}

const same = (a: Day, b: Day) => a.day === b.day && a.month === b.month && a.year === b.year;

/** A moment in each day of a week; 1 January 2023 was a Sunday. */
function weekDays(firstDay: number): number[] {
  return Array.from({ length: 7 }, (_, index) => new Date(2023, 0, 1 + firstDay + index, 12).getTime());
}
