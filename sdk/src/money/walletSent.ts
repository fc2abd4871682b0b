import type { Core } from "../client/core.ts";
import type { Hex } from "../types/primitives.ts";

/** What the wallet sent in this run besides payments and packets, which are written down: approvals, shares that were fetched. */
const sent = new WeakMap<Core, Set<Hex>>();

/** It is known here, so it is not another device's. */
export function noteSent(core: Core, hash: Hex): void {
  sent.set(core, (sent.get(core) ?? new Set<Hex>()).add(hash));
}

export const sentBesides = (core: Core): readonly Hex[] => [...(sent.get(core) ?? [])];
