import { everyNth, type Fault } from "./fault.ts";

/** A node, or the proxy before it, that answers 503 to every n-th request without having looked at it. */
export function unavailable(n = 1): Fault {
  const isHit = everyNth(n);
  return { refuses: () => isHit() };
}
