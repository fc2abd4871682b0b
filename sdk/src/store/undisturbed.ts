import { oneTab } from "./oneTab.ts";

/**
 * Opening a store and working on all of it never overlap, whoever has it: this lock nobody steals. Taken before the one
 * of `oneTab`. @throws SkrumbleError ALREADY_OPEN where the other one takes too long
 */
export async function undisturbed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const release = await oneTab(`${name} as a whole`, false, () => undefined);
  try {
    return await work();
  } finally {
    release?.();
  }
}
