import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

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
  return limitedAs(forwarded || request.socket.remoteAddress || "unknown");
}

/** The part of an address that limits count by: all of IPv4, also where it is written as IPv6, and the /64 of IPv6. */
export function limitedAs(address: string): string {
  const bare = address.replace(/^\[|\]$|%.*$/g, "").toLowerCase();
  if (!isIPv6(bare)) return bare;
  const groups = expand(bare);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [6, 7].flatMap((at) => [(groups[at] as number) >> 8, (groups[at] as number) & 0xff]).join(".");
  }
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":");
}

/** The eight numbers of a valid IPv6 address (RFC 4291, 2.2). */
function expand(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const before = numbersOf(head);
  if (tail === undefined) return before;
  const after = numbersOf(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function numbersOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
