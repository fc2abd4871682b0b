import { expect, test } from "vitest";
import { walkWorld } from "../../support/walkWorld.ts";

/** Walks long enough for groups to be further apart than anybody can go back; see model.test.ts. */

test.each([1, 2])(
  "all converge after 2,000 steps of whatever happens (seed %i)",
  { timeout: 900_000 },
  async (seed) => {
    expect(await walkWorld(seed, 2_000), `seed ${seed}`).toEqual([]);
  },
);
