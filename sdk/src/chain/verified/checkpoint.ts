import type { Hex } from "viem";
import * as z from "zod";
import type { Address } from "../../types/primitives.ts";
import { fewestValidators } from "../provenance.ts";
import type { NetworkInfo } from "../types.ts";

/** Who sealed a block, and may therefore be believed about the next one. */
export interface Checkpoint {
  number: bigint;
  /** Of that block. Absent only where a description does not say it. */
  hash?: Hex;
  /** Lower case, ascending where it is of a header. */
  validators: readonly Address[];
}

const schema = z.strictObject({
  number: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,15})$/)
    .transform((digits) => BigInt(digits)),
  hash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .transform((text) => text as Hex),
  validators: z
    .array(
      z
        .string()
        .regex(/^0x[0-9a-f]{40}$/)
        .transform((text) => text as Address),
    )
    .min(fewestValidators)
    .max(128)
    .refine((all) => all.every((one, at) => at === 0 || (all[at - 1] as string) < one), "ascending, none twice"),
});

/** What was kept at an earlier start; undefined where that is nothing, or no checkpoint. */
export function parseCheckpoint(json: unknown): Checkpoint | undefined {
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}

/** As it is kept: JSON. */
export const keptForm = ({ number, hash, validators }: Checkpoint): z.input<typeof schema> | undefined =>
  hash && { number: number.toString(), hash, validators: [...validators] };

/** Where the description of a network says to begin. */
export const describedBy = ({ validators = [], validatorsAt }: NetworkInfo): Checkpoint => ({
  number: BigInt(validatorsAt?.number ?? 0),
  ...(validatorsAt?.hash ? { hash: validatorsAt.hash } : {}),
  validators,
});

export const isSameSet = (some: readonly Address[], others: readonly Address[]): boolean =>
  some.toSorted().join() === others.toSorted().join();
