import { type ErrorCategory, type ErrorCode, errorCodes } from "./codes.ts";

export interface SkrumbleErrorOptions {
  /** What exactly was wrong, for a developer. Never a key, code, signature or message text. */
  details?: string;
  cause?: unknown;
  /** Public values that belong to the sentence a person reads, such as the pseudonym that is taken. */
  values?: Record<string, string | number>;
}

/**
 * The one base of every error the SDK throws. `code` is stable and has a sentence in every language of the dApp;
 * `message` is for developers.
 */
export class SkrumbleError extends Error {
  override readonly name: string = "SkrumbleError";
  readonly code: ErrorCode;
  readonly category: ErrorCategory;
  /** What the person can do about it. */
  readonly help: string;
  readonly details: string | undefined;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, options: SkrumbleErrorOptions = {}) {
    const entry = errorCodes[code];
    super(
      options.details ? `${entry.message} ${options.details}` : entry.message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.category = entry.category;
    this.help = entry.help;
    this.details = options.details;
    this.values = options.values ?? {};
  }

  /** The first error in the chain of causes that satisfies `match`; without `match`, the innermost one. */
  walk(match?: (error: unknown) => boolean): unknown {
    let current: unknown = this;
    const seen = new Set<unknown>();
    while (current !== undefined && current !== null && !seen.has(current)) {
      if (match?.(current)) return current;
      seen.add(current);
      const cause = current instanceof Error ? current.cause : undefined;
      if (cause === undefined || cause === null) return match ? undefined : current;
      current = cause;
    }
    return undefined;
  }
}

/** Code of any thrown value; `UNEXPECTED` for what is not ours. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof SkrumbleError ? error.code : "UNEXPECTED";
}

/** Makes sure that what leaves a public function is typed. */
export function asSkrumbleError(error: unknown, fallback: ErrorCode = "UNEXPECTED"): SkrumbleError {
  return error instanceof SkrumbleError ? error : new SkrumbleError(fallback, { cause: error });
}

/** Throws `ABORTED` when the person has cancelled. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SkrumbleError("ABORTED", { cause: signal.reason });
}
