/** A day of the reader's calendar, without hours: `month` counts from 0 as in Date. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

export function dayOf(at: number): Day {
  const date = new Date(at);
  return { year: date.getFullYear(), month: date.getMonth(), day: date.getDate() };
}

/** The day's first moment in the reader's time zone. */
export function startOf({ year, month, day }: Day): number {
  return new Date(year, month, day).getTime();
}

export function shiftDays(from: Day, days: number): Day {
  return dayOf(new Date(from.year, from.month, from.day + days).getTime());
}

/** The same day of another month, or its last one. */
export function shiftMonths(from: Day, months: number): Day {
  const last = new Date(from.year, from.month + months + 1, 0);
  return { year: last.getFullYear(), month: last.getMonth(), day: Math.min(from.day, last.getDate()) };
}

/** Whole weeks that cover a month; days of its neighbours are undefined. `firstDay`: 0 is Sunday, as in Date. */
export function weeksOf({ year, month }: Pick<Day, "year" | "month">, firstDay: number): (Day | undefined)[][] {
  const before = (new Date(year, month, 1).getDay() - firstDay + 7) % 7;
  const count = new Date(year, month + 1, 0).getDate();
  const weeks: (Day | undefined)[][] = [];
  for (let start = 1 - before; start <= count; start += 7) {
    weeks.push(
      Array.from({ length: 7 }, (_, index) => {
        const day = start + index;
        return day < 1 || day > count ? undefined : { year, month, day };
      }),
    );
  }
  return weeks;
}

/** Sunday or Monday (or Saturday), as people of this language begin their weeks. */
export function firstDayOf(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  return (locale.getWeekInfo?.().firstDay ?? 1) % 7;
}
