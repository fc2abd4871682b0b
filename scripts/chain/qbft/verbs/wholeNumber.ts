import { Refusal } from "../../../lib/say.ts";
import { within } from "../network.ts";

/** The number of a command-line option, within its bounds. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!within(value, least, most)) throw new Refusal(`--${name} must be a whole number from ${least} to ${most}.`);
  return value;
}
