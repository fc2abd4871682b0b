import { createHash } from "node:crypto";

const INLINE_SCRIPT = /<script(?![^>]*\ssrc\s*=)[^>]*>([\s\S]*?)<\/script>/gi;

/** CSP sources of a page's inline scripts, by their SHA-256: a script somebody slips in has none and does not run. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const [, body] of html.matchAll(INLINE_SCRIPT)) {
    if (body) hashes.add(`'sha256-${createHash("sha256").update(body).digest("base64")}'`);
  }
  return [...hashes];
}

/**
 * Headers of one page of the dApp.
 * @param secure false on a local network without TLS, where relays are reached over plain http and ws
 */
export function pageHeaders(html: string, secure: boolean): Record<string, string> {
  // Relays are found on the chain, so their names are not known here: any https origin may be asked, none may run code.
  const relays = secure ? "https: wss:" : "https: wss: http: ws:";
  const policy = [
    "default-src 'none'",
    // Argon2id is WebAssembly.
    `script-src 'self' 'wasm-unsafe-eval' ${inlineScriptHashes(html).join(" ")}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob: mediastream:",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    `connect-src 'self' ${relays}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    ...(secure ? ["upgrade-insecure-requests"] : []),
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "Permissions-Policy":
      "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    ...(secure ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}
