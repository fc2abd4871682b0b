import { joinOwnDevice } from "../../src/conversation/entry/ownDevices.ts";
import { createGroupConversation } from "../../src/conversation/group/create.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/types.ts";
import type { PublicId } from "../../src/types/primitives.ts";
import { type Crowd, createCrowd, type Device } from "./crowd.ts";
import { createMailboxRelays, type MailboxRelays } from "./mailboxRelays.ts";
import { createRandom, type Random } from "./random.ts";
import { createReplay, type Replay } from "./replay.ts";

/** A text that somebody sent, and which devices the sender knew in the group then. */
export interface Said {
  text: string;
  by: string;
  heardBy: ReadonlySet<string>;
  belonged: ReadonlySet<PublicId>;
}

/** A device over its restarts. */
export interface Place {
  seed: number;
  store: Store;
  /** Milliseconds by which its clock is wrong. */
  skew: number;
  device?: Device;
  /** Its key, hex. */
  key: string;
  publicId: PublicId;
}

/** Five people in one group over relays and a chain that fail; time passes only when it is told to. */
export interface World extends Pick<Replay, "after" | "driven"> {
  random: Random;
  crowd: Crowd;
  mail: MailboxRelays;
  places: Place[];
  id: string;
  said: Said[];
  /** Until which text somebody was, in anybody's view, not in the group. */
  absent: Map<PublicId, number>;
  problems: string[];
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  open(place: Place): Promise<void>;
  /** Another device of somebody, which asks to be let in. */
  addDevice(seed: number): Promise<void>;
  deliverOne(device: Device): Promise<void>;
  deliverAll(): Promise<void>;
  until(what: string, holds: () => boolean | Promise<boolean>, patience?: number): Promise<void>;
  close(): Promise<void>;
}

export const people = 5;
const longest = 60_000;

/** The clock of this process is replaced until `close`. */
export async function createGroupWorld(seed: number): Promise<World> {
  const replay = await createReplay(seed, 1_800_000_000_000);
  const { after, driven } = replay;
  const random = createRandom(seed);
  const crowd = createCrowd();
  const mail = createMailboxRelays(3, random, Date.now);
  const places: Place[] = [];
  const problems: string[] = [];

  const open: World["open"] = async (place) => {
    const { seed: person, store, skew } = place;
    const device = await crowd.open(person, { store, now: () => Date.now() + skew });
    place.device = device;
    place.publicId = device.publicId;
    place.key = device.session.core.self.identity.deviceKey;
    device.session.core.events.on("problem", ({ code }) => problems.push(`${person}: ${code}`));
  };
  const newPlace = async (person: number): Promise<Place> => {
    const place: Place = { seed: person, store: createMemoryStore(), skew: 0, key: "", publicId: "0x" };
    places.push(place);
    await open(place);
    return place;
  };
  const deliverOne: World["deliverOne"] = async (device) => {
    const payload = device.inbox.shift();
    if (payload) await device.take(payload);
  };
  const deliverAll = async () => {
    mail.release();
    for (let busy = true; busy; ) {
      busy = false;
      for (const device of [...crowd.devices]) {
        while (device.online && device.inbox.length > 0) {
          busy = true;
          await deliverOne(device);
        }
      }
    }
  };
  const pass: World["pass"] = async (ms) => {
    // A long time is slept through: what was to happen meanwhile happens at its end.
    if (ms > longest) replay.sleep(ms - longest);
    await replay.pass(Math.min(ms, longest));
    mail.release();
  };
  const until: World["until"] = async (what, holds, patience = 6 * 3_600_000) => {
    for (let step = 50, end = Date.now() + patience; Date.now() < end; step = Math.min(step * 1.2, 30_000)) {
      await deliverAll();
      await replay.rest();
      if (await holds()) return;
      await pass(step);
    }
    throw new Error(`Waited in vain for: ${what}`);
  };

  const begin = async () => {
    const first = await Promise.all(Array.from({ length: people }, (_, i) => newPlace(i + 1)));
    const [owner, ...others] = first.map(({ device }) => device as Device) as [Device, ...Device[]];
    crowd.until = until;
    for (const other of others) await crowd.befriend(owner, other);
    const { core } = owner.session;
    return createGroupConversation(core, { name: "Model", people: others.map(({ publicId }) => publicId) });
  };
  const id = await driven(begin());
  crowd.post = (_, payload, handOn) => mail.post(payload, handOn);
  return {
    ...{
      random,
      crowd,
      mail,
      places,
      id,
      said: [],
      absent: new Map(),
      problems,
      after,
      driven,
      pass,
      open,
      deliverOne,
      deliverAll,
      until,
    },
    async addDevice(person) {
      const { device } = await newPlace(person);
      await joinOwnDevice((device as Device).session.core, id);
    },
    async close() {
      await driven(crowd.close());
      replay.stop();
    },
  };
}
