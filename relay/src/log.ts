import { type DestinationStream, type Logger, pino } from "pino";

/**
 * Levels mean: error, the relay cannot do its work; warn, an operator should look; info, it began, ended or changed
 * state; debug, for developers. No line ever carries an address, a tag, an id of a person, a key, a path that was asked
 * for or the text of somebody else's error: only fixed words and numbers.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** What may be said about an unexpected error: its class and code. */
export function describeError(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as NodeJS.ErrnoException;
  return { error: error.name, ...(typeof code === "string" ? { code } : {}) };
}
