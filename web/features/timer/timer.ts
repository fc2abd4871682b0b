/** How long messages stay, in seconds; 0 is for good. */
export const timerChoices = [0, 30, 5 * 60, 60 * 60, 24 * 60 * 60, 7 * 24 * 60 * 60, 30 * 24 * 60 * 60] as const;

const units = [
  ["days", 24 * 60 * 60],
  ["hours", 60 * 60],
  ["minutes", 60],
  ["seconds", 1],
] as const;

/** The largest unit that says a time exactly; others may have chosen a time that is not among ours. */
export function timerUnit(seconds: number): { unit: (typeof units)[number][0]; count: number } {
  const whole = Math.max(0, Math.round(seconds));
  const [unit, size] = units.find(([, length]) => whole > 0 && whole % length === 0) ?? units[3];
  return { unit, count: whole / size };
}
