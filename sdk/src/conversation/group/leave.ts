import type { PublicId } from "../../types/primitives.ts";
import { type Leave, verifyLeave } from "./leaveStatement.ts";
import type { GroupState } from "./state.ts";

/** Who wants to go by the statements in a state that a commit of this epoch makes. Forged ones count for nothing. */
export const leavingIn = ({ leave = [] }: { leave?: Leave[] }, groupId: Uint8Array, epoch: bigint): PublicId[] =>
  leave.filter((one) => verifyLeave(groupId, epoch, one)).map(({ publicId }) => publicId as PublicId);

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
