import { keccak256 } from "viem";
import type { Chain } from "../chain/chain.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { maxDocumentBytes } from "./listing.ts";

/** Public documents at relays, by their hash: docs/protocol.md, HTTP. */

const timeout = 8_000;
/** So many relays are asked to keep one. */
const copies = 8;
/** A relay's node may be a block or two behind the one that took the transaction. */
const pauses = [400, 1_000, 2_000];

/** The relays behind the chain's endpoints. */
const relaysOf = (chain: Chain): string[] => [
  ...new Set(chain.rpc.endpoints().map(({ url }) => url.replace(/\/rpc\/?$/, ""))),
];

const limit = (signal: AbortSignal | undefined): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(timeout)]) : AbortSignal.timeout(timeout);

/**
 * Has relays keep a document that the chain names at `place`, such as `jobs/7`.
 * @returns at how many
 * @throws SkrumbleError DOCUMENT_NOT_KEPT (at none), ABORTED
 */
export async function putDocument(
  chain: Chain,
  place: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal?: AbortSignal,
): Promise<number> {
  const put = async (relay: string): Promise<boolean> => {
    for (const pause of [...pauses, undefined]) {
      const status = await fetch(`${relay}/documents/${place}`, {
        ...{ method: "POST", body: bytes, signal: limit(signal) },
        ...{ credentials: "omit", referrerPolicy: "no-referrer", headers: { "content-type": "text/plain" } },
      }).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 201) return true;
      if (status !== 409 || pause === undefined || signal?.aborted) return false;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return false;
  };
  const kept = await Promise.all(relaysOf(chain).slice(0, copies).map(put));
  throwIfAborted(signal);
  const count = kept.filter(Boolean).length;
  if (count === 0) throw new SkrumbleError("DOCUMENT_NOT_KEPT");
  return count;
}

/**
 * A document whose hash the chain has said. Whoever hands it over cannot change it.
 * @returns undefined when no relay that answers has it
 * @throws SkrumbleError NETWORK_UNREACHABLE (none answers), ABORTED
 */
export async function getDocument(
  chain: Chain,
  hash: Hex,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let answered = false;
  for (const relay of relaysOf(chain)) {
    throwIfAborted(signal);
    try {
      const url = `${relay}/documents/${hash.slice(2)}`;
      const response = await fetch(url, {
        signal: limit(signal),
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
      answered = true;
      if (!response.ok) continue;
      const bytes = await readBounded(response);
      if (bytes && keccak256(bytes) === hash) return bytes;
    } catch {
      // The next one may answer.
    }
  }
  throwIfAborted(signal);
  if (!answered) throw new SkrumbleError("NETWORK_UNREACHABLE");
  return undefined;
}

/** Stops reading as soon as it is longer than any document. */
async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // By a reader: not every browser can loop over a stream.
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    if (length > maxDocumentBytes) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
