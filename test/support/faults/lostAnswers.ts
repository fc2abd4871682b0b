import { everyNth, type Fault } from "./fault.ts";

/** The node has done what it was asked, but nobody hears of it: the connection is cut instead of the answer, every n-th time. */
export function lostAnswers(method: string, n = 1): Fault {
  const isHit = everyNth(n);
  return {
    deliver: (delivery, calls) => (calls.some((call) => call.method === method) && isHit() ? "cut" : delivery),
  };
}
