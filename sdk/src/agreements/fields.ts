import * as z from "zod";
import { cleanLine, isBlank } from "../conversation/content/text.ts";
import type { Hex } from "../types/primitives.ts";

/** What drafts of agreements and listings of jobs are both made of. */

/** Of a milestone, and of a job, in UTF-16 code units. */
export const maxTitle = 120;
/** Of the Agreements contract: TermsRules. */
export const maxMilestones = 32;

export const language = z.enum(["en", "zh-CN"]);

export const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text.toLowerCase() as Hex);

/** Something in one line, cleaned. @param max in UTF-16 code units */
export const line = (max: number) =>
  z
    .string()
    .max(4 * max)
    .transform((typed) => cleanLine(typed, max).normalize("NFC"))
    .refine((text) => !isBlank(text));

/** Base units as decimal digits, or a bigint already: more than none, less than 2^128. */
export const amount = z
  .union([
    z.bigint(),
    z
      .string()
      .regex(/^[1-9][0-9]{0,38}$/)
      .transform(BigInt),
  ])
  .refine((units) => units > 0n && units < 2n ** 128n);

/** Fields of what is paid with. */
export const asset = {
  chainId: z.int().positive(),
  token: hex(20),
  symbol: z.string().regex(/^\p{L}[\p{L}\p{N}\p{Sc}.-]{0,15}$/u),
  decimals: z.int().min(0).max(77),
};
