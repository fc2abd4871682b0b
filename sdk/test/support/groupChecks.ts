import { peopleOf } from "../../src/conversation/group/state.ts";
import type { Thread } from "../../src/conversation/threads.ts";
import type { Device } from "./crowd.ts";
import type { World } from "./groupWorld.ts";

const threadOf = ({ id }: World, device: Device): Thread | undefined => device.session.core.threads.get(id);

/** Devices whose person belongs, as those who are in the group say. */
export function members(world: World): Device[] {
  const inside = world.crowd.devices.filter((device) => threadOf(world, device) && !threadOf(world, device)?.left);
  return inside;
}

const branchOf = (world: World, device: Device) => threadOf(world, device)?.sessions.at(-1)?.branch;
const stateOf = (world: World, device: Device) =>
  JSON.stringify(Object.entries(threadOf(world, device)?.state ?? {}).sort());

/** Whether all who are in it have one group, and whoever it names is in it. */
export function sameGroup(world: World): boolean {
  const inside = members(world);
  const state = inside[0] && threadOf(world, inside[0])?.state;
  if (!state) return false;
  const belong = world.crowd.devices.filter(({ publicId }) => state.people[publicId] !== undefined);
  return (
    new Set(inside.map((device) => branchOf(world, device))).size === 1 &&
    inside.every(({ publicId }) => state.people[publicId] !== undefined) &&
    belong.every((device) => inside.includes(device)) &&
    inside.every((device) => device.session.core.intents.of(world.id).length === 0)
  );
}

/** What is wrong once all should be well. */
export async function checkWorld(world: World): Promise<string[]> {
  const wrong: string[] = [];
  const inside = members(world);
  if (!sameGroup(world)) {
    for (const device of world.crowd.devices) wrong.push(describe(world, device));
    return wrong;
  }
  if (new Set(inside.map((device) => stateOf(world, device))).size > 1) wrong.push("states differ");
  const tree = (threadOf(world, inside[0] as Device)?.devices ?? []).map(({ device }) => device);
  for (const device of inside) {
    const key = device.session.core.self.identity.deviceKey;
    if (!tree.includes(key)) wrong.push(`${nameOf(device)} is not in the tree`);
  }
  for (const device of world.crowd.devices) {
    const key = device.session.core.self.identity.deviceKey;
    const texts = await device.texts(world.id);
    if (new Set(texts).size < texts.length) wrong.push(`${nameOf(device)} shows something twice`);
    for (const [index, { text, by, heardBy, belonged }] of world.said.entries()) {
      const has = texts.includes(text);
      const sender = world.crowd.devices.find((one) => one.session.core.self.identity.deviceKey === by);
      // What somebody's other device missed is said again to all of theirs.
      if (has && !belonged.has(device.publicId)) wrong.push(`${nameOf(device)} reads "${text}", which was not for it`);
      const stayed = (one: Device) => inside.includes(one) && index >= (world.absent.get(one.publicId) ?? 0);
      const belongs = stayed(device) && sender && stayed(sender);
      if (!has && belongs && heardBy.has(key)) wrong.push(`${nameOf(device)} misses "${text}" of ${nameOf(sender)}`);
    }
  }
  wrong.push(...world.problems.filter((problem) => !harmless.test(problem)));
  return wrong;
}

/** What a killed device complained about in its last moment. */
const harmless = /STORE_FAILED/;

const nameOf = (device: Device) => `${device.session.core.self.identity.pseudonym}/${device.client}`;

function describe(world: World, device: Device): string {
  const thread = threadOf(world, device);
  const session = thread?.sessions.at(-1);
  const intents = device.session.core.intents.of(world.id).map(({ kind }) => kind);
  const names = thread && peopleOf(thread.state).map((one) => world.crowd.registry.entries.get(one)?.name);
  return `${nameOf(device)} ${session?.epoch} ${session?.branch.slice(0, 6)} ${thread?.left ?? ""} [${names}] ${intents}`;
}
