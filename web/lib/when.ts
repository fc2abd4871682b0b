import { useFormatter, useTranslations } from "next-intl";

const day = 86_400_000;

/** Every bubble asks, and finding out takes long. */
const cycles = new Map<string | undefined, "h12" | "h23">();

/** 24 or 12 hours as the browser's own language has it, whatever language the words are in. */
function hourCycle(): "h12" | "h23" {
  const language = globalThis.navigator?.language;
  const known = cycles.get(language);
  if (known) return known;
  const { hourCycle } = new Intl.DateTimeFormat(language, { hour: "numeric" }).resolvedOptions();
  const cycle = hourCycle === "h12" || hourCycle === "h11" ? "h12" : "h23";
  cycles.set(language, cycle);
  return cycle;
}

/** Time in a list: the hour today, "Yesterday", the weekday within a week, then the date. */
export function useListTime(): (at: number) => string {
  const format = useFormatter();
  const t = useTranslations("chats");
  return (at) => {
    const age = startOfDay(Date.now()) - startOfDay(at);
    if (age <= 0) return format.dateTime(at, { hour: "2-digit", minute: "2-digit", hourCycle: hourCycle() });
    if (age <= day * 1.1) return t("yesterday");
    if (age < day * 6.5) return format.dateTime(at, { weekday: "short" });
    return format.dateTime(at, { day: "numeric", month: "short" });
  };
}

/** Heading of a day in a conversation. */
export function useDayName(): (at: number) => string {
  const format = useFormatter();
  const t = useTranslations("conversation");
  return (at) => {
    const age = startOfDay(Date.now()) - startOfDay(at);
    if (age <= 0) return t("today");
    if (age <= day * 1.1) return t("yesterday");
    return format.dateTime(at, { weekday: "long", day: "numeric", month: "long" });
  };
}

export function useClock(): (at: number) => string {
  const format = useFormatter();
  return (at) => format.dateTime(at, { hour: "2-digit", minute: "2-digit", hourCycle: hourCycle() });
}

/** A day and, where it is near, the time: "Today 14:03", "Yesterday 9:10", "24 December". */
export function useDayClock(): (at: number) => string {
  const format = useFormatter();
  const dayName = useDayName();
  const clock = useClock();
  return (at) => {
    const age = startOfDay(Date.now()) - startOfDay(at);
    if (age >= 0 && age <= day * 1.1) return `${dayName(at)} ${clock(at)}`;
    return format.dateTime(at, { day: "numeric", month: "long" });
  };
}

/** For the middle of a sentence: "5 minutes ago", "last week". */
export function useAgo(): (at: number) => string {
  const format = useFormatter();
  return (at) => format.relativeTime(at, Date.now());
}

/** 0:07, 12:40, 1:02:09. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
