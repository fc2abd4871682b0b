import { readEntitlements } from "../chain/actions/readEntitlements.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { Millis, PublicId } from "../types/primitives.ts";
import type { Core } from "./core.ts";

/** Who has video calls in their tier, read ahead of time: no call waits for the chain, and none is stopped by its silence. */
export interface VideoRights {
  /** As last known; yes for somebody the chain has never told anything about. */
  may(person: PublicId): boolean;
  /** The same after a look at the chain, unless one was made lately. Waits `patience` at most and never rejects. */
  ask(person: PublicId): Promise<boolean>;
}

const collection = "video right";
/** A "yes" is read again after an hour; a "no" soon, as people who meet it may have bought SKM since. */
const holds = { yes: 3_600_000, no: 10_000 };
/** Nobody waits longer than this for the chain. */
const patience = 2000;

interface Known {
  person: PublicId;
  video: boolean;
  at: Millis;
}

/** Takes up what was known before a restart. Two operators must agree on what is read (`chain/quorum.ts`). */
export async function openVideoRights({
  vault,
  chain,
  now,
  signal,
}: Pick<Core, "vault" | "chain" | "now" | "signal">): Promise<VideoRights> {
  const rows = await vault.range<Known>(collection, { skipDamaged: true });
  const known = new Map(rows.map(({ value }) => [value.person, value]));
  const reading = new Map<PublicId, Promise<void>>();
  const may = (person: PublicId) => known.get(person)?.video ?? true;

  async function read(person: PublicId): Promise<void> {
    const { owner } = await readPeer(chain, person, signal);
    const { video } = await readEntitlements(chain, owner, { quorum: true, signal });
    if (signal.aborted) return;
    const value: Known = { person, video, at: now() };
    known.set(person, value);
    await vault.write([{ collection, key: person, value }]);
  }

  function readOnce(person: PublicId): Promise<void> {
    const under = reading.get(person);
    if (under) return under;
    const work = read(person)
      // Without an answer the last one stands.
      .catch(() => undefined)
      .finally(() => reading.delete(person));
    reading.set(person, work);
    return work;
  }

  return {
    may,
    async ask(person) {
      const last = known.get(person);
      if (last && now() - last.at < (last.video ? holds.yes : holds.no)) return last.video;
      const { promise: enough, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patience);
      await Promise.race([readOnce(person), enough]).finally(() => clearTimeout(timer));
      return may(person);
    },
  };
}
