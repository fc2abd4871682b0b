import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { pageHeaders } from "./contentSecurity.ts";
import { respond } from "./respond.ts";

const TYPES: Record<string, string> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};
const COMPRESSED = /^(?:text\/|application\/(?:json|wasm|xml|manifest)|image\/svg)/;
const FORGIVING_BYTES = 64 * 1024 * 1024;

interface StaticFile {
  body: Buffer;
  etag: string;
  headers: Record<string, string>;
  encoded: Map<string, Promise<Buffer>>;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/**
 * Serves an exported dApp from memory. Only files that were there at the start exist, so no path can lead elsewhere.
 * @param secure whether the relay is reached over https
 * @throws Error when the folder is larger than 64 MiB
 */
export function createStaticFiles(folder: string, secure: boolean) {
  const files = load(folder, secure);

  function find(path: string): StaticFile | undefined {
    const direct = files.get(path);
    if (direct) return direct;
    return files.get(path.endsWith("/") ? `${path}index.html` : `${path}/index.html`) ?? files.get(`${path}.html`);
  }

  return {
    size: files.size,
    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
      let decoded: string;
      try {
        decoded = decodeURIComponent(path);
      } catch {
        return respond(response, 400, {});
      }
      const found = find(decoded);
      const file = found ?? files.get("/404.html");
      if (!file) return respond(response, 404, { "Content-Type": "text/plain; charset=utf-8" }, "Not found\n");
      if (found && request.headers["if-none-match"] === file.etag) {
        return respond(response, 304, { ETag: file.etag, ...file.headers });
      }
      const encoding = choose(request.headers["accept-encoding"], file);
      const body = encoding ? await encode(file, encoding) : file.body;
      const headers = { ...file.headers, ETag: file.etag, Vary: "Accept-Encoding" };
      respond(response, found ? 200 : 404, encoding ? { ...headers, "Content-Encoding": encoding } : headers, body);
    },
  };
}

function load(folder: string, secure: boolean): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  let total = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const body = readFileSync(full);
    total += body.length;
    if (total > FORGIVING_BYTES) throw new Error("The folder of the dApp is larger than 64 MiB.");
    const path = `/${relative(folder, full).split(sep).join("/")}`;
    const type = TYPES[extname(entry.name).toLowerCase()] ?? "application/octet-stream";
    // What Next names by its content never changes; all else is asked for again each time.
    const forever = path.startsWith("/_next/static/");
    const cache = forever ? "public, max-age=31536000, immutable" : "no-cache";
    const page = type.startsWith("text/html") ? pageHeaders(body.toString("utf8"), secure) : {};
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    files.set(path, {
      body,
      etag,
      headers: { "Content-Type": type, "Cache-Control": cache, ...page },
      encoded: new Map(),
    });
  }
  return files;
}

function choose(accepted: string | string[] | undefined, file: StaticFile): "br" | "gzip" | undefined {
  if (file.body.length < 512 || !COMPRESSED.test(file.headers["Content-Type"] as string)) return undefined;
  const offered = String(accepted ?? "")
    .split(",")
    .map((part) => part.trim());
  const takes = (name: string) =>
    offered.some((part) => part.split(";")[0] === name && !/;\s*q=0(?:\.0+)?$/.test(part));
  return takes("br") ? "br" : takes("gzip") ? "gzip" : undefined;
}

/** Compressed once, at the first request that wants it. */
function encode(file: StaticFile, encoding: "br" | "gzip"): Promise<Buffer> {
  let body = file.encoded.get(encoding);
  if (!body) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: file.body.length };
    body = encoding === "br" ? brotli(file.body, { params }) : gzipped(file.body, { level: 7 });
    file.encoded.set(encoding, body);
  }
  return body;
}
