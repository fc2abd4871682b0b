export { asSkrumbleError, codeOf, SkrumbleError, type SkrumbleErrorOptions, throwIfAborted } from "./base.ts";
export { type ErrorCategory, type ErrorCode, errorCodes } from "./codes.ts";
