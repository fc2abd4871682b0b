import type { Hex } from "viem";

/** As many slots as a relay takes in one question (docs/protocol.md). */
const partSize = 16;

/**
 * Has any number of words proven, in parts at once, and adds each to those that are proven: what is there is not asked for again, also where a part
 * fails. @throws what `ask` throws
 */
export async function spreadWords(
  ask: (slots: readonly Hex[]) => Promise<bigint[]>,
  slots: readonly Hex[],
  proven: Map<Hex, bigint>,
): Promise<void> {
  const missing = [...new Set(slots)].filter((slot) => !proven.has(slot));
  const parts: Hex[][] = [];
  for (let at = 0; at < missing.length; at += partSize) parts.push(missing.slice(at, at + partSize));
  await Promise.all(
    parts.map(async (part) => {
      const words = await ask(part);
      for (const [at, slot] of part.entries()) proven.set(slot, words[at] as bigint);
    }),
  );
}
