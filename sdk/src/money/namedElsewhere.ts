import type { Core } from "../client/core.ts";
import { paymentRows } from "../conversation/content/paymentIndex.ts";
import type { Hex } from "../types/primitives.ts";
import { allInHand, type PaymentInHand } from "./inHand.ts";

/** Transactions that other payments of this person name, so they are not this one. One's own words alone: others name what they like. */
export async function namedElsewhere(core: Core, { id }: PaymentInHand): Promise<Set<Hex>> {
  const own = core.self.identity.publicId;
  const told = (await paymentRows(core.vault)).flatMap(({ from, body }) => (from === own ? [body.transaction] : []));
  const others = (await allInHand(core)).filter((one) => one.id !== id).map(({ transaction }) => transaction);
  return new Set([...told, ...others].filter((hash) => hash !== undefined));
}
