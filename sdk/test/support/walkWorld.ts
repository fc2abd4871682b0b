import { checkWorld } from "./groupChecks.ts";
import { healWorld, stepWorld } from "./groupSteps.ts";
import { createGroupWorld, type World } from "./groupWorld.ts";

/** @returns what is wrong with the group after so many random steps, once all is well again */
export async function walkWorld(seed: number, steps: number): Promise<string[]> {
  const world = await createGroupWorld(seed);
  try {
    return await world.driven(walk(world, steps));
  } finally {
    await world.close();
  }
}

async function walk(world: World, steps: number): Promise<string[]> {
  await world.until("all to be in", () =>
    world.places.every(({ device }) => device?.session.core.threads.get(world.id)?.devices.length === 5),
  );
  for (let step = 0; step < steps; step++) await stepWorld(world);
  await healWorld(world);
  return checkWorld(world);
}
