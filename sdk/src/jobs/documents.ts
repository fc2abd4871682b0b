import { keccak256 } from "viem";
import type { Chain } from "../chain/chain.ts";
import { shuffled } from "../chain/quorum.ts";
import { readBounded } from "../chain/readBounded.ts";
import { codeOf, SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { DocumentProblem } from "../types/jobs.ts";
import type { Hex } from "../types/primitives.ts";
import { maxDocumentBytes } from "./listing.ts";

/** Public documents at relays, by their hash: docs/protocol.md, HTTP. */

const timeout = 8_000;
/** So many relays are asked to keep one. */
const copies = 8;
/** So many are asked for one at the same time: one that is slow holds up nobody. */
const atOnce = 3;
/** So many stay in memory, of at most 32 KiB each. */
const mostKnown = 256;
/** A relay's node may be a block or two behind the one that took the transaction. */
const pauses = [400, 1_000, 2_000];

/** For one document, from however many relays, in milliseconds. */
const longest = 20_000;
/** So long nobody is asked again for what no relay had, in milliseconds: a list with a gap is read again and again. */
const missingFor = 15_000;

/** The relays behind the chain's endpoints, in an order of chance: none is always asked, or always left out. */
const relaysOf = (chain: Chain): string[] =>
  shuffled([...new Set(chain.rpc.endpoints().map(({ url }) => url.replace(/\/rpc\/?$/, "")))]);

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
  if (count > 0) note(found, chain, keccak256(bytes), bytes);
  if (count === 0) throw new SkrumbleError("DOCUMENT_NOT_KEPT");
  return count;
}

/** What was found, by hash: it never changes, and lists are read again and again. */
const found = new WeakMap<Chain, Map<Hex, Uint8Array<ArrayBuffer>>>();
/** What was not found, whether every relay was asked for it, and until when that is believed. */
const missing = new WeakMap<Chain, Map<Hex, { until: number; all: boolean }>>();

/** Of a chain. The oldest goes when there are too many. */
function note<T>(all: WeakMap<Chain, Map<Hex, T>>, chain: Chain, hash: Hex, value: T): void {
  const known = all.get(chain) ?? new Map<Hex, T>();
  all.set(chain, known);
  if (known.size >= mostKnown) known.delete(known.keys().next().value as Hex);
  known.set(hash, value);
}

/**
 * A document whose hash the chain has said. Whoever hands it over cannot change it.
 * @returns undefined when every known relay was asked and none has it: only then it can be called lost
 * @throws SkrumbleError NETWORK_UNREACHABLE (none answers), DOCUMENT_NOT_ALL_ASKED (those that answer do not have it; one that could not
 * be asked may), ABORTED
 */
export async function getDocument(
  chain: Chain,
  hash: Hex,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const before = found.get(chain)?.get(hash);
  if (before) return before;
  const last = missing.get(chain)?.get(hash);
  if (last && last.until > Date.now()) return absent(last.all);
  let answered = 0;
  const relays = relaysOf(chain);
  const over = AbortSignal.timeout(longest);
  for (let at = 0; at < relays.length && !over.aborted; at += atOnce) {
    throwIfAborted(signal);
    const enough = new AbortController();
    const asks = relays.slice(at, at + atOnce).map(async (relay) => {
      const response = await fetch(`${relay}/documents/${hash.slice(2)}`, {
        ...{ signal: AbortSignal.any([enough.signal, over, limit(signal)]) },
        ...{ credentials: "omit", referrerPolicy: "no-referrer" },
      });
      // A relay that has trouble, or too many questions, has not said whether it has it.
      if (!response.ok && response.status !== 404) throw new Error("This relay does not say.");
      const bytes = response.ok ? await readBounded(response, maxDocumentBytes) : undefined;
      answered++;
      if (!bytes || keccak256(bytes) !== hash) throw new Error("This relay does not have it.");
      return bytes;
    });
    // Whichever has it first; the next few may have it when none of these has.
    const bytes = await Promise.any(asks).catch(() => undefined);
    enough.abort();
    if (!bytes) continue;
    note(found, chain, hash, bytes);
    return bytes;
  }
  throwIfAborted(signal);
  if (answered === 0) throw new SkrumbleError("NETWORK_UNREACHABLE");
  const all = answered === relays.length;
  note(missing, chain, hash, { until: Date.now() + missingFor, all });
  return absent(all);
}

function absent(all: boolean): undefined {
  if (!all) throw new SkrumbleError("DOCUMENT_NOT_ALL_ASKED");
}

/** For lists: one that is not found takes nothing from the others. @throws SkrumbleError NETWORK_UNREACHABLE, ABORTED */
export async function findDocument(
  chain: Chain,
  hash: Hex,
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array<ArrayBuffer> } | { problem: DocumentProblem }> {
  try {
    const bytes = await getDocument(chain, hash, signal);
    return bytes ? { bytes } : { problem: "DOCUMENT_MISSING" };
  } catch (error) {
    if (codeOf(error) === "DOCUMENT_NOT_ALL_ASKED") return { problem: "DOCUMENT_NOT_ALL_ASKED" };
    throw error;
  }
}
