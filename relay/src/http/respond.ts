import type { IncomingMessage, ServerResponse } from "node:http";

/** Sent with every answer. */
const ALWAYS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "X-Frame-Options": "DENY",
} as const;

/** A dApp served by one relay asks the others too, so what is public may be read from any origin. */
export const ANY_ORIGIN = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
  "Access-Control-Allow-Headers": "content-type",
  "Access-Control-Max-Age": "86400",
  "Cross-Origin-Resource-Policy": "cross-origin",
} as const;

export function respond(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body?: string | Uint8Array,
): void {
  if (response.headersSent || response.destroyed) return;
  const length = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, { ...ALWAYS, "Content-Length": String(length), ...headers });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

export function respondJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  const type = { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" };
  respond(response, status, { ...ANY_ORIGIN, ...type, ...headers }, JSON.stringify(value));
}

/** Body of a request, or undefined when it is larger than `limit` bytes, late or cut off. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limit) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
