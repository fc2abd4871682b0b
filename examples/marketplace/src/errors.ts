import { codeOf as sdkCodeOf } from "@skrumble/sdk";

/** What goes wrong in the app itself; `words/` has a sentence for each, as for the codes of the SDK. */
export class AppError extends Error {
  readonly code: "KEY_INVALID" | "KEY_WITHOUT_NAME";

  constructor(code: AppError["code"]) {
    // Never with what was typed in it: it may be a key.
    super(code);
    this.code = code;
  }
}

export const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : sdkCodeOf(error));

/** After these nobody knows whether what a wallet has signed will be on the chain; after all others it will not. */
const unsure: ReadonlySet<string> = new Set([
  ...["CHAIN_UNREACHABLE", "CHAIN_STALLED", "CHAIN_REJECTED", "NETWORK_UNREACHABLE", "QUORUM_FAILED"],
  ...["ABORTED", "UNEXPECTED"],
]);
export const isUnsure = (code: string): boolean => unsure.has(code);
