import { expect, test } from "vitest";
import { walkWorld } from "../../support/walkWorld.ts";

/**
 * Random steps of five people, some with two devices, over three relays that lie, lose, hold back and are away. Once all
 * is well again everybody who belongs has the same group and the same texts. The seeds are the first ones in order, none is
 * picked or left out. A run depends on its seed alone: a failure names it, MODEL_SEED runs it again, MODEL_STEPS as long as
 * one likes. Longer walks are in modelLong.test.ts.
 */

const steps = Number(process.env.MODEL_STEPS ?? 400);
const first = Array.from({ length: 20 }, (_, i) => i + 1);
const seeds = process.env.MODEL_SEED?.split(",").map(Number) ?? first;

test.each(seeds)(
  `all converge after ${steps} steps of whatever happens (seed %i)`,
  { timeout: 600_000 },
  async (seed) => {
    expect(await walkWorld(seed, steps), `seed ${seed}`).toEqual([]);
  },
);
