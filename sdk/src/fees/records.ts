import type { Core } from "../client/core.ts";
import type { Fee } from "../types/fees.ts";
import type { Hex } from "../types/primitives.ts";

/** What a device pays for: written down before the wallet is asked, and kept, since it is what shows that it was paid. */
export interface FeeRecord {
  fee: Fee;
  /** The wallet's; there is none of what credit pays. */
  signature?: Hex;
  paid?: true;
  /** The chain took no payment by it. */
  refused?: true;
}

/** JSON has no number that holds SKM. */
interface Kept extends Omit<FeeRecord, "fee"> {
  fee: Omit<Fee, "price" | "credit"> & { price: string; credit: string };
}

const collection = "fees";

export const keepFee = (core: Core, { fee, ...more }: FeeRecord): Promise<void> => {
  const value: Kept = { ...more, fee: { ...fee, price: String(fee.price), credit: String(fee.credit) } };
  return core.vault.write([{ collection, key: fee.salt, value }]);
};

export async function loadFee(core: Core, salt: Hex): Promise<FeeRecord | undefined> {
  const kept = await core.vault.get<Kept>(collection, salt);
  if (!kept) return undefined;
  return { ...kept, fee: { ...kept.fee, price: BigInt(kept.fee.price), credit: BigInt(kept.fee.credit) } };
}

export const dropFee = (core: Core, salt: Hex): Promise<void> =>
  core.vault.write([{ collection, key: salt, delete: true }]);
