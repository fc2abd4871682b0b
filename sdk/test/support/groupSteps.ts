import { settle } from "../../src/conversation/commit/settle.ts";
import { joinOwnDevice } from "../../src/conversation/entry/ownDevices.ts";
import { groupActions } from "../../src/conversation/group/actions.ts";
import { isAdmin, peopleOf } from "../../src/conversation/group/state.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";
import { codeOf } from "../../src/errors/index.ts";
import type { Device } from "./crowd.ts";
import { sameGroup } from "./groupChecks.ts";
import { type Place, people, type World } from "./groupWorld.ts";
import { sendText } from "./say.ts";

/** What a program may be told when it asks for something that has become impossible meanwhile. */
const expected = new Set([
  ...["GROUP_LEFT", "GROUP_NOT_ADMIN", "GROUP_ADMINS_WRITE", "GROUP_FULL", "CONVERSATION_UNKNOWN", "NOT_CONNECTED"],
  ...["MESSAGE_UNKNOWN", "MESSAGE_NOT_YOURS", "EDIT_TOO_LATE", "STORE_FAILED"],
]);

async function tried(work: Promise<unknown> | undefined): Promise<boolean> {
  try {
    await work;
    return work !== undefined;
  } catch (error) {
    if (!expected.has(codeOf(error))) throw error;
    return false;
  }
}

type Step = (world: World, device: Device, place: Place) => Promise<unknown>;

const threadOf = ({ id }: World, device: Device) => device.session.core.threads.get(id);
const actions = (world: World, device: Device) => groupActions(device.session.core, world.id, "");

const send: Step = async (world, device) => {
  const { said, id, random } = world;
  const thread = threadOf(world, device);
  if (!thread || thread.left) return;
  const text = `text ${said.length} of ${random.below(1e6)}`;
  const heardBy = new Set(thread.devices.map((one) => one.device));
  const belonged = new Set(thread.devices.map((one) => one.publicId));
  const by = device.session.core.self.identity.deviceKey;
  if (await tried(sendText(device.session.core, id, text))) said.push({ text, by, heardBy, belonged });
};

const aboutText: Step = async (world, device) => {
  const { core } = device.session;
  const texts = (await core.threads.messages(world.id, { limit: 20 })).filter(({ body }) => body.type === "text");
  const target = world.random.pick(texts)?.id;
  if (!target) return;
  const emoji = world.random.pick(["👍", "❤️", "😂"]) as string;
  await tried(sendContent(core, world.id, { kind: "reaction", target, emoji }));
};

const rename: Step = async (world, device) => {
  if (threadOf(world, device)) await tried(actions(world, device).update({ name: `Name ${world.random.below(1e6)}` }));
};

const invite: Step = async (world, device) => {
  const state = threadOf(world, device)?.state;
  const person = world.random.pick(world.places.filter(({ publicId }) => !state?.people[publicId]));
  if (state && person) await tried(actions(world, device).invite([person.publicId]));
};

const remove: Step = async (world, device) => {
  const state = threadOf(world, device)?.state;
  const person = state && world.random.pick(peopleOf(state));
  if (person) await tried(actions(world, device).remove(person));
};

const role: Step = async (world, device) => {
  const state = threadOf(world, device)?.state;
  const person = state && world.random.pick(peopleOf(state).filter((one) => one !== device.publicId));
  if (!person) return;
  await tried(actions(world, device).setRole(person, isAdmin(state, person) ? "member" : "admin"));
};

const leave: Step = async (world, device) => {
  const thread = threadOf(world, device);
  // Somebody has to be there to the end.
  if (thread?.state.people[device.publicId] === "owner" || (thread && peopleOf(thread.state).length < 3)) return;
  if (thread) await tried(actions(world, device).leave());
};

const renew: Step = async (world, device) => {
  const thread = threadOf(world, device);
  if (!thread || thread.left) return;
  await device.session.core.intents.add(world.id, [{ kind: "renew keys" }]);
  settle(device.session.core, world.id);
};

const addDevice: Step = async (world) => {
  const seed = 1 + world.random.below(people);
  if (world.places.filter((place) => place.seed === seed).length < 2) await world.addDevice(seed);
};

const restart: Step = async (world, device, place) => {
  await device.close();
  await world.open(place);
};

const kill: Step = async (world, device, place) => {
  const work = world.random.chance(0.7) ? rename(world, device, place) : Promise.resolve();
  await world.after(world.random.below(40));
  await device.kill();
  await work;
  await world.open(place);
};

const mailFault: Step = async ({ random, mail }) => {
  const relay = random.pick(mail.relays);
  if (!relay) return;
  const faults = ["away", "drops", "replays", "corrupts", "reorders"] as const;
  const fault = random.pick([...faults, "delay"] as const);
  if (fault === "delay") relay.delay = relay.delay ? 0 : random.below(86_400_000);
  else if (fault) relay[fault] = !relay[fault];
};

const orderFault: Step = async ({ random, crowd }) => {
  const { order } = crowd.registry;
  const relay = random.pick(order.ids) as number;
  const toggle = <T>(set: Set<T>, one: T) => void (set.delete(one) || set.add(one));
  switch (random.below(6)) {
    case 0:
    case 1:
      return toggle(order.down, relay);
    case 2:
      return toggle(order.cut, `${random.pick(crowd.devices)?.client} ${relay}`);
    case 3:
      // One relay at most lies: of three, two honest ones are a majority.
      return order.twoFaced.size > 0 ? order.twoFaced.clear() : toggle(order.twoFaced, relay);
    case 4:
      return order.wipe(relay);
    default:
      order.chainStands = !order.chainStands;
  }
};

const offline: Step = async ({ random }, device) => {
  device.online = !device.online || random.chance(0.5);
};

const weights: [number, Step][] = [
  [900, async (world, device) => void (device.online && (await world.deliverOne(device)))],
  [100, (world) => world.pass(world.random.below(2000))],
  [2, (world) => world.pass(world.random.below(86_400_000))],
  [60, send],
  [15, aboutText],
  [10, rename],
  [8, invite],
  [4, remove],
  [5, role],
  [2, leave],
  [5, renew],
  [3, addDevice],
  [4, restart],
  [4, kill],
  [30, offline],
  [30, mailFault],
  [25, orderFault],
  [
    1,
    async ({ random }, _, place) => {
      place.skew = random.below(2 * 86_400_000) - 86_400_000;
    },
  ],
];
const total = weights.reduce((sum, [weight]) => sum + weight, 0);

function noteAbsent(world: World, device: Device): void {
  const thread = threadOf(world, device);
  if (!thread) return;
  if (thread.left) world.absent.set(device.publicId, world.said.length);
  else
    for (const { publicId } of world.places)
      if (!thread.state.people[publicId]) world.absent.set(publicId, world.said.length);
}

/** One random thing happens. */
export async function stepWorld(world: World): Promise<void> {
  const place = world.random.pick(world.places.filter(({ device }) => device)) as Place;
  let at = world.random.below(total);
  const [, step] = weights.find(([weight]) => {
    at -= weight;
    return at < 0;
  }) as [number, Step];
  await step(world, place.device as Device, place);
  noteAbsent(world, place.device as Device);
  await world.after(world.random.below(50));
}

/** Everybody is there and honest, and time passes. Clocks that are wrong stay so. */
export async function healWorld(world: World): Promise<void> {
  const { crowd, mail } = world;
  const { order } = crowd.registry;
  for (const set of [order.down, order.cut, order.twoFaced, order.forgetful]) set.clear();
  order.chainStands = true;
  mail.heal();
  for (const device of crowd.devices) device.online = true;
  await world.pass(60_000);
  await world.deliverAll();
  // People whose new device was not let in try again.
  for (const { device } of world.places) {
    if (device && !device.session.core.threads.get(world.id)) {
      await joinOwnDevice(device.session.core, world.id);
    }
  }
  // Whoever talks shows where they stand.
  for (const place of world.places) await send(world, place.device as Device, place);
  for (const device of crowd.devices) noteAbsent(world, device);
  await world.until("one group", () => sameGroup(world), 1_800_000).catch(() => undefined);
  for (const place of world.places) await send(world, place.device as Device, place);
  for (let i = 0; i < 10; i++) {
    await world.pass(120_000);
    await world.deliverAll();
  }
}
