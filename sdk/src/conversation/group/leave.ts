import type { PublicId } from "../../types/primitives.ts";
import type { Thread } from "../threads.ts";
import { type Leave, validEpochs, verifyLeave } from "./leaveStatement.ts";
import { type GroupState, maxWent, peopleOf } from "./state.ts";

/** An epoch that a commit ends. */
export interface EndingEpoch {
  groupId: Uint8Array;
  epoch: bigint;
  state: Pick<GroupState, "went">;
}

/** Whether somebody wants to go by this statement: it is theirs, and they have not gone and come back since. */
export const leaveHolds = ({ groupId, epoch, state }: EndingEpoch, leave: Leave): boolean =>
  Number(leave.epoch) > (state.went?.[leave.publicId as PublicId] ?? -1) && verifyLeave(groupId, epoch, leave);

/** Who wants to go by the statements in the state that a commit makes. Others count for nothing. */
export const leavingIn = ({ leave = [] }: { leave?: Leave[] }, ending: EndingEpoch): PublicId[] =>
  leave.filter((one) => leaveHolds(ending, one)).map(({ publicId }) => publicId as PublicId);

/** So many are remembered. */
const maxGone = 64;

/** Who belonged before, and does not in this state. */
export const goneAfter = ({ state, gone = [] }: Pick<Thread, "state" | "gone">, after: GroupState): PublicId[] =>
  [...new Set([...gone, ...peopleOf(state)])].filter((publicId) => !after.people[publicId]).slice(-maxGone);

/** What the state has to say of who went, when a commit ends this epoch. `leaving`: with a statement, though they may be back at once. */
export function wentAfter(
  before: GroupState,
  after: Pick<GroupState, "people">,
  leaving: readonly PublicId[],
  epoch: bigint,
): GroupState["went"] {
  const gone = [...peopleOf(before).filter((publicId) => after.people[publicId] === undefined), ...leaving];
  const all: Record<PublicId, number> = {
    ...before.went,
    ...Object.fromEntries(gone.map((one) => [one, Number(epoch)])),
  };
  const lately = Object.entries(all).filter(([, at]) => epoch - BigInt(at) <= validEpochs);
  lately.sort(([a, at], [b, bt]) => bt - at || (a < b ? -1 : 1));
  return lately.length > 0 ? Object.fromEntries(lately.slice(0, maxWent)) : undefined;
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
