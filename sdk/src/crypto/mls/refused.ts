import { SkrumbleError } from "../../errors/index.ts";

/** @param details for developers: never a key, nor anything that was decrypted */
export const refused = (details: string): SkrumbleError => new SkrumbleError("MLS_FAILED", { details });

/** Whatever the work throws is MLS_FAILED, unless it says what it is. */
export async function typed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SkrumbleError ? error : new SkrumbleError("MLS_FAILED", { cause: error });
  }
}
