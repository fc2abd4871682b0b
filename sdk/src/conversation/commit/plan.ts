import type { Hex, PublicId } from "../../types/primitives.ts";
import { type GroupDevice, mayManage, mayRemoveDevice } from "../group/authorise.ts";
import { wentAfter, withoutPeople } from "../group/leave.ts";
import type { Leave } from "../group/leaveStatement.ts";
import { type GroupState, isAdmin, maxLeaves, maxPeople, maxShares, peopleOf, stateSchema } from "../group/state.ts";
import type { Intent, SettingsPatch } from "./intents.ts";

export interface Plan {
  /** Key packages to add, with the intents they come from. */
  add: Extract<Intent, { kind: "add" }>[];
  remove: Hex[];
  /** The state afterwards; the same object when it does not change. */
  state: GroupState;
  /** Intents that this commit fulfils. */
  covers: number[];
  /** Intents that are fulfilled already, or never can be. */
  done: number[];
}

/** How many devices one commit adds: its welcome has to fit into one envelope. */
const maxAdds = 64;

/** One commit for everything that is wanted. Pure. */
export function planCommit(input: {
  own: PublicId;
  state: GroupState;
  /** The one that the commit ends. */
  epoch: bigint;
  devices: readonly GroupDevice[];
  intents: readonly Intent[];
  /** Whether the registry still lists a device of a member. */
  listed(device: GroupDevice): boolean;
  /** Whether a statement to leave still holds in this epoch. */
  holds(leave: Leave): boolean;
}): Plan {
  const { own, devices } = input;
  const plan: Plan = { add: [], remove: [], state: input.state, covers: [], done: [] };
  const inTree = (device: Hex) => devices.find((one) => one.device === device);
  const removeDevice = (device: Hex) => {
    if (!plan.remove.includes(device)) plan.remove.push(device);
  };
  const removePeople = (people: PublicId[]) => {
    plan.state = withoutPeople(plan.state, people);
    for (const { publicId, device } of devices) if (people.includes(publicId)) removeDevice(device);
  };

  const leaves: Leave[] = [];
  for (const intent of input.intents) {
    const { number } = intent;
    const cover = () => void plan.covers.push(number);
    const drop = () => void plan.done.push(number);
    switch (intent.kind) {
      case "add": {
        // The device asked again: only its last key package is still good for sure.
        if (input.intents.some((one) => one.kind === "add" && one.device === intent.device && one.number > number)) {
          drop();
          break;
        }
        const belongs = plan.state.people[intent.publicId] !== undefined;
        if (plan.add.length >= maxAdds) break;
        if (!belongs && (!intent.role || !isAdmin(input.state, own) || peopleOf(plan.state).length >= maxPeople)) {
          drop();
          break;
        }
        if (!belongs)
          plan.state = { ...plan.state, people: { ...plan.state.people, [intent.publicId]: intent.role ?? "member" } };
        // It lost its state, or it would not ask.
        if (inTree(intent.device)) removeDevice(intent.device);
        plan.add.push(intent);
        cover();
        break;
      }
      case "remove people": {
        const people = intent.people.filter(
          (publicId) => plan.state.people[publicId] !== undefined && mayManage(input.state, own, publicId),
        );
        if (people.length === 0 || input.state.kind === "pair") drop();
        else {
          removePeople(people);
          cover();
        }
        break;
      }
      case "leave": {
        const { leave } = intent;
        const publicId = leave.publicId as PublicId;
        if (leaves.length >= maxLeaves) break;
        if (plan.state.people[publicId] === undefined || publicId === own || !input.holds(leave)) drop();
        else {
          removePeople([publicId]);
          leaves.push(leave);
          cover();
        }
        break;
      }
      case "remove devices": {
        const present = intent.devices.filter((device) => {
          const one = inTree(device);
          return one && (mayRemoveDevice(input.state, own, one.publicId) || !input.listed(one));
        });
        if (present.length === 0) drop();
        else {
          present.forEach(removeDevice);
          cover();
        }
        break;
      }
      case "role": {
        const { publicId, role } = intent;
        const has = plan.state.people[publicId];
        if (has === undefined || has === role || input.state.people[own] !== "owner") drop();
        else {
          plan.state = { ...plan.state, people: { ...plan.state.people, [publicId]: role } };
          cover();
        }
        break;
      }
      case "settings": {
        const state = patched(plan.state, intent.patch);
        if (!state || !isAdmin(input.state, own)) drop();
        else {
          plan.state = state;
          cover();
        }
        break;
      }
      case "share": {
        const { kind: _, number: __, ...share } = intent;
        const { people, shared = [] } = plan.state;
        const known = shared.some(({ id }) => id === share.id);
        if (known || people[share.to] === undefined || !isAdmin(input.state, own)) drop();
        else {
          plan.state = { ...plan.state, shared: [...shared, { ...share, by: own }].slice(-maxShares) };
          cover();
        }
        break;
      }
      case "renew keys":
        cover();
    }
  }
  if (plan.state === input.state && leaves.length === 0) return plan;
  const { leave: _, went: __, ...state } = plan.state;
  const leaving = leaves.map(({ publicId }) => publicId as PublicId);
  const went = wentAfter(input.state, state, leaving, input.epoch);
  plan.state = { ...state, ...(leaves.length > 0 ? { leave: leaves } : {}), ...(went ? { went } : {}) };
  return plan;
}

/** Undefined when nothing changes, or nothing valid comes of it. */
function patched(state: GroupState, patch: SettingsPatch): GroupState | undefined {
  const next: Record<string, unknown> = { ...state };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  const same = JSON.stringify(next) === JSON.stringify(state);
  return !same && stateSchema.safeParse(next).success ? (next as unknown as GroupState) : undefined;
}
