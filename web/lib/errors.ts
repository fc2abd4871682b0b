import type { ErrorCode } from "@skrumble/sdk";
import en from "../messages/en.json" with { type: "json" };

/** Wallet answers that mean "the person said no" (EIP-1193). */
const refused = 4001;

/**
 * The code whose sentence a person reads. Works on anything thrown, without loading the SDK: its errors carry `code`,
 * a wallet's carry a number, and everything else is unexpected.
 */
export function codeOf(error: unknown): ErrorCode {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && typeof current === "object" && current !== null; depth++) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === "string" && code in en.errors) return code as ErrorCode;
    if (code === refused) return "WALLET_REFUSED";
    if (current instanceof DOMException && current.name === "AbortError") return "ABORTED";
    current = (current as { cause?: unknown }).cause;
  }
  return "UNEXPECTED";
}

/** An error of the page itself, with a code of the same table. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly code: ErrorCode;
  constructor(code: ErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
