import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Set by proxies: a request that carries one comes from elsewhere, even though the line is from this machine. */
const FORWARDING = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/**
 * How many connect and read at each moment tells an observer who is online, so the figures are for the operator alone:
 * for requests from this machine itself, or with the operator's token.
 */
export function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  const [scheme, given] = (request.headers.authorization ?? "").split(" ");
  if (token !== undefined && scheme?.toLowerCase() === "bearer" && given !== undefined) return isSame(given, token);
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const isLocal = address === "::1" || address.startsWith("127.");
  return isLocal && FORWARDING.every((name) => request.headers[name] === undefined);
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
