import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Chain } from "../chain.ts";
import { type OnBytes, readBounded } from "../readBounded.ts";
import type { RpcEndpoint } from "../types.ts";
import { withDeadline } from "../verified/deadline.ts";

export interface Question {
  /** Behind `/shards/`. */
  path: string;
  /** Bytes of an answer. */
  most: number;
  /** Milliseconds for all of it, its last byte included. */
  timeout: number;
  onBytes?: OnBytes;
}

/** A relay's answer; its bytes only with status 200, and undefined there where they are more than they may be. */
export interface RelayAnswer {
  status: number;
  bytes: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Asks one relay for what it gives out of the registry's storage. @throws SkrumbleError ABORTED, CHAIN_UNREACHABLE (late, however slowly it
 * is still answering), and what fetching throws
 */
export function askRelay(
  chain: Chain,
  { url }: RpcEndpoint,
  { path, most, timeout, onBytes }: Question,
  signal: AbortSignal,
): Promise<RelayAnswer> {
  const run = chain.fetch ?? fetch;
  const work = async (ending: AbortSignal): Promise<RelayAnswer> => {
    const response = await run(`${url.replace(/\/rpc\/?$/, "")}/shards/${path}`, {
      ...{ signal: ending, credentials: "omit", referrerPolicy: "no-referrer" },
    });
    const { status, headers } = response;
    // A platform's own fetch ends with the signal; another one may not.
    const onPiece = (bytes: number) => {
      throwIfAborted(ending);
      onBytes?.(bytes);
    };
    const isWanted = status === 200 && Number(headers.get("content-length") ?? 0) <= most;
    if (isWanted) return { status, bytes: await readBounded(response, most, onPiece) };
    void response.body?.cancel().catch(() => undefined);
    return { status, bytes: undefined };
  };
  return withDeadline(work, timeout, () => new SkrumbleError("CHAIN_UNREACHABLE"), signal);
}
