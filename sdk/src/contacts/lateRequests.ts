import type { Core } from "../client/core.ts";
import { textTtlSeconds } from "../conversation/limits.ts";
import type { ContactRecord, SentRequest } from "./book.ts";

/** Of one contact. */
const maxLate = 4;

/** Our requests to a contact that nobody waits for any more. `open`: those that may still bring a session in use. */
export function lateRequests(
  core: Core,
  { sent, earlier = [], late = [], done }: ContactRecord,
  open: SentRequest[] = [],
): NonNullable<ContactRecord["late"]> {
  const until = core.now() + textTtlSeconds * 1000;
  const past = [...(sent ? [sent] : []), ...earlier].map((request) => ({ ...request, until }));
  const isOpen = (nonce: string) => open.some((request) => request.nonce === nonce);
  return [...past, ...late]
    .filter((request) => !isOpen(request.nonce) && !done.includes(request.nonce) && request.until > core.now())
    .slice(0, maxLate);
}
