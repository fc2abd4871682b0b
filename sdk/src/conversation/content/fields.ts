import * as z from "zod";
import type { Address, Hex } from "../../types/primitives.ts";

/** What several kinds of messages carry. */

export const messageId = z.string().regex(/^[0-9a-f]{32}$/);
/** 32 bytes. */
export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as Hex);
export const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/)
  .transform((text) => text as Address);
export const asset = z.object({ chainId: z.int().min(1), token: address });
