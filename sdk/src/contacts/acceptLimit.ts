import type { Core } from "../client/core.ts";
import type { Millis, PublicId } from "../types/primitives.ts";

/** A contact's requests are accepted by themselves; each costs a group, a welcome and a certificate. */
const maxAccepts = 5;
const span = 3_600_000;

const accepted = new WeakMap<Core, Map<PublicId, Millis[]>>();

const recentOf = (core: Core, from: PublicId): Millis[] =>
  (accepted.get(core)?.get(from) ?? []).filter((at) => core.now() - at < span);

/** Whoever has a reason asks once or twice an hour. */
export const mayAccept = (core: Core, from: PublicId): boolean => recentOf(core, from).length < maxAccepts;

export function noteAccept(core: Core, from: PublicId): void {
  const people = accepted.get(core) ?? new Map<PublicId, Millis[]>();
  accepted.set(core, people.set(from, [...recentOf(core, from), core.now()]));
}
