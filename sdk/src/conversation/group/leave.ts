import type { PublicId } from "../../types/primitives.ts";
import type { Thread } from "../threads.ts";
import { type Leave, verifyLeave } from "./leaveStatement.ts";
import { type GroupState, peopleOf } from "./state.ts";

/** Who wants to go by the statements in a state that a commit of this epoch makes. Forged ones count for nothing. */
export const leavingIn = ({ leave = [] }: { leave?: Leave[] }, groupId: Uint8Array, epoch: bigint): PublicId[] =>
  leave.filter((one) => verifyLeave(groupId, epoch, one)).map(({ publicId }) => publicId as PublicId);

/** So many are remembered. */
const maxGone = 64;

/** Who belonged before, and does not in this state. */
export const goneAfter = ({ state, gone = [] }: Pick<Thread, "state" | "gone">, after: GroupState): PublicId[] =>
  [...new Set([...gone, ...peopleOf(state)])].filter((publicId) => !after.people[publicId]).slice(-maxGone);

/** In which epoch people came, with those whom this epoch's state has and the one before had not. */
export function cameInAfter(
  { state, cameIn = {} }: Pick<Thread, "state" | "cameIn">,
  after: GroupState,
  epoch: number,
): Record<PublicId, number> {
  const come = peopleOf(after).filter((publicId) => state.people[publicId] === undefined);
  const kept = Object.entries(cameIn).filter(([publicId]) => after.people[publicId as PublicId] !== undefined);
  return Object.fromEntries([...kept, ...come.map((publicId) => [publicId, epoch])]);
}

/** The state without these people. A group without its owner gets a new one, the same for everybody who works it out. */
export function withoutPeople(state: GroupState, gone: readonly PublicId[]): GroupState {
  const people = Object.fromEntries(
    Object.entries(state.people).filter(([publicId]) => !gone.includes(publicId as PublicId)),
  ) as GroupState["people"];
  if (!Object.values(people).includes("owner")) {
    const names = Object.keys(people).sort() as PublicId[];
    const heir = names.find((publicId) => people[publicId] === "admin") ?? names[0];
    if (heir) people[heir] = "owner";
  }
  return { ...state, people };
}
