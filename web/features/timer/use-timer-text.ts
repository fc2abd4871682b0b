import { useTranslations } from "next-intl";
import { timerUnit } from "./timer.ts";

/** A time in words: "5 minutes", "1 day". */
export function useTimerText(): (seconds: number) => string {
  const t = useTranslations("timer");
  return (seconds) => {
    const { unit, count } = timerUnit(seconds);
    return t(unit, { count });
  };
}
