import type { IncomingMessage } from "node:http";

/**
 * Address of whoever asks, for limits only; it is never logged or stored. An IPv6 caller is taken by its /64, which is
 * what one household or server has.
 * @param trustProxy believe the last entry of X-Forwarded-For, which a proxy in front has set
 */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy
    ? String(request.headers["x-forwarded-for"] ?? "")
        .split(",")
        .at(-1)
        ?.trim()
    : undefined;
  const address = (forwarded || request.socket.remoteAddress || "unknown").replace(/^::ffff:/, "");
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}
