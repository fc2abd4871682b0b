import * as z from "zod";

/** In UTF-16 code units. */
export const maxDeviceName = 64;

/** A device's name, and when it was given: the later one counts. */
export const namedSchema = z.object({
  key: z.string().regex(/^0x[0-9a-f]{64}$/),
  name: z.string().max(maxDeviceName),
  at: z.int().min(0),
  /** When the device came into the identity. */
  since: z.int().min(0).optional(),
});
export type Named = z.infer<typeof namedSchema>;
