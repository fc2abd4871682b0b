import * as z from "zod";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Fee } from "../types/fees.ts";
import type { Hex } from "../types/primitives.ts";

/** Terms that were or may have been signed: whoever has them can carry them out until their deadline. */
export interface FeeTerms {
  fee: Fee;
  /** The wallet's; there is none of what credit pays. */
  signature?: Hex | undefined;
  /** The chain took no payment by them; they are not tried again. */
  refused?: true | undefined;
}

/** All that a device knows of one use: written down before anybody signs, and kept, since it is what shows that it was paid. */
export interface FeeRecord {
  salt: Hex;
  /** The oldest first. */
  terms: FeeTerms[];
  /** Receipt of those that were paid. */
  paid?: Hex | undefined;
}

/** Terms kept of one use. They are over after an hour, so only somebody who signs again and again meets this bound. */
export const mostTerms = 8;

const collection = "fees";
const hex = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((digits) => digits as Hex);
/** JSON has no number that holds SKM. */
const amount = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform(BigInt);
const schema = z.object({
  salt: hex,
  terms: z
    .array(
      z.object({
        fee: z.object({
          ...{ payer: hex, beneficiary: hex, feature: hex, units: z.int(), salt: hex },
          ...{ price: amount, credit: amount, deadline: z.int() },
        }),
        signature: hex.optional(),
        refused: z.literal(true).optional(),
      }),
    )
    .max(mostTerms),
  paid: hex.optional(),
});

type Kept = z.input<typeof schema>;

/** Without terms nothing of it stays. */
export const keepFee = (core: Core, record: FeeRecord): Promise<void> => {
  const terms = record.terms.map(({ fee, ...more }) => ({
    ...more,
    fee: { ...fee, price: String(fee.price), credit: String(fee.credit) },
  }));
  const value: Kept = { ...record, terms };
  const entry = { collection, key: record.salt };
  return core.vault.write([terms.length === 0 ? { ...entry, delete: true } : { ...entry, value }]);
};

/** @throws SkrumbleError STORE_CORRUPT */
export async function loadFee(core: Core, salt: Hex): Promise<FeeRecord | undefined> {
  const kept = await core.vault.get<unknown>(collection, salt);
  if (kept === undefined) return undefined;
  const parsed = schema.safeParse(kept);
  if (!parsed.success) throw new SkrumbleError("STORE_CORRUPT", { details: "Record of a fee." });
  return parsed.data;
}
