import { describeError } from "../log.ts";
import { isDamage, isFull } from "../storage/database.ts";
import type { ShardKeeper } from "./shardKeeper.ts";

/** What the keeper's thread tells; numbers are of blocks, 0 for none. */
export type ShardNews =
  | { about: "opened" | "damaged" | "full" }
  | { about: "published"; published: number }
  | { about: "other-root"; block: number }
  | { about: "not-followed"; block: number; published: number; error: string; code?: string }
  | { about: "failed"; error: string; code?: string };

/**
 * Steps for ever, with a wait between steps.
 * @throws damage of the file, that it is full, and what `wait` throws
 */
export async function followRegistry(
  keeper: ShardKeeper,
  tell: (news: ShardNews) => void,
  wait: () => Promise<void>,
): Promise<never> {
  let told: bigint | undefined;
  for (;;) {
    try {
      const outcome = await keeper.step();
      if (outcome === "published") tell({ about: outcome, published: Number(keeper.published()) });
      if (outcome === "other-root") tell({ about: outcome, block: Number(keeper.target()) });
    } catch (error) {
      if (isDamage(error) || isFull(error)) throw error;
      // Once a block. That there is no chain at all, the chain says by itself.
      const target = keeper.target();
      if (target !== undefined && target !== told)
        tell({
          ...{ about: "not-followed", block: Number(target), published: Number(keeper.published() ?? 0n) },
          ...describeError(error),
        });
      told = target ?? told;
    }
    await wait();
  }
}
