import type { Core } from "../../client/core.ts";
import type { Millis, PublicId } from "../../types/primitives.ts";
import { believableEnd } from "./record.ts";

/** A relay that has not stored a payload so long after another one did is not waited for any more, in milliseconds. */
const patience = 5_000;

export interface Depositor {
  /** Resolves when the relays that have kept up so far have it too, one at least. @throws what `RelayPool.deposit` throws */
  deposit(payload: Uint8Array): Promise<void>;
  /** Ids of the relays that have all of it, and until when. */
  result(): { relays: Set<number>; of: number; expiresAt: Millis };
  /** No further tries at relays that were not waited for. */
  stop(): void;
}

/** Puts payloads into one mailbox. `awaited`: ids of the relays that are worth waiting for; all of the mailbox unless said. */
export function createDepositor(
  core: Core,
  mailbox: PublicId,
  { ttlSeconds, signal, awaited }: { ttlSeconds: number; signal: AbortSignal; awaited?: Iterable<number> },
): Depositor {
  const stopping = new AbortController();
  const options = { ttlSeconds, signal: AbortSignal.any([signal, stopping.signal]) };
  const all = core.pool.relaysFor(mailbox).map(({ id }) => id);
  let whole = new Set(awaited ?? all);
  let expiresAt = Number.POSITIVE_INFINITY;

  return {
    async deposit(payload) {
      const has = new Set<number>();
      const { promise: enough, resolve } = Promise.withResolvers<void>();
      await core.pool.deposit(mailbox, payload, {
        ...options,
        onReceipt(receipt) {
          has.add(receipt.relayId);
          expiresAt = Math.min(expiresAt, believableEnd(core, receipt.expiresAt, ttlSeconds));
          if ([...whole].every((id) => has.has(id))) resolve();
        },
      });
      const timer = setTimeout(resolve, patience);
      const stop = () => resolve();
      options.signal.addEventListener("abort", stop);
      await enough;
      clearTimeout(timer);
      options.signal.removeEventListener("abort", stop);
      whole = new Set([...whole].filter((id) => has.has(id)));
    },
    result: () => ({ relays: whole, of: all.length, expiresAt }),
    stop: () => stopping.abort(),
  };
}
