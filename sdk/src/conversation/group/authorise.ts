import type { Role } from "../../types/group.ts";
import type { Hex, PublicId } from "../../types/primitives.ts";
import { wentAfter, withoutPeople } from "./leave.ts";
import { type GroupState, isAdmin, maxPeople, peopleOf, sharedAnew } from "./state.ts";

/** A device in the group and whose it is. */
export interface GroupDevice {
  publicId: PublicId;
  device: Hex;
}

/** What a commit does, as MLS has authenticated it. */
export interface CommitSummary {
  committer: GroupDevice;
  added: GroupDevice[];
  removed: GroupDevice[];
  /** The state after it; the same as before when the commit does not touch it. */
  state: GroupState;
  /** Whose signed statements to leave it carries. */
  leaving: PublicId[];
}

export interface Members {
  state: GroupState;
  /** The one that the commit ends. */
  epoch: bigint;
  /** Devices in the tree before the commit. */
  devices: GroupDevice[];
  /** Whether the registry lists a device of a person now. */
  listed(device: GroupDevice): boolean;
}

/**
 * May this person do that? Every member answers alike, from the epoch before and the registry, and drops a commit that
 * may not be. @returns why not, undefined when it may
 */
export function refusalOf(before: Members, commit: CommitSummary): string | undefined {
  const { state: old, devices } = before;
  const { state, added, removed, leaving } = commit;
  const by = commit.committer.publicId;
  if (old.people[by] === undefined) return "The committer does not belong to the group.";
  if (state.kind !== old.kind) return "The kind of a conversation never changes.";

  const gone = peopleOf(old).filter((publicId) => state.people[publicId] === undefined);
  const come = peopleOf(state).filter((publicId) => old.people[publicId] === undefined);
  const refusal = refusalOfPeople(old, state, by, gone, come, leaving) ?? refusalOfSettings(old, state, by);
  if (refusal) return refusal;
  if (sharedAnew(old, state).some((share) => share.by !== by)) return "History is shared in somebody else's name.";
  if (state !== old && !alike(state.went, wentAfter(old, state, leaving, before.epoch)))
    return "The state does not say who went.";

  for (const device of added) {
    if (state.people[device.publicId] === undefined) return "A device of somebody who does not belong was added.";
    if (!before.listed(device)) return "A device that the registry does not list was added.";
  }
  for (const device of removed) {
    const theirs = device.publicId;
    if (gone.includes(theirs) || mayRemoveDevice(old, by, theirs)) continue;
    // One that lost its state comes back: the old leaf makes room for the new one.
    const returns = added.some((one) => one.device === device.device);
    if (!returns && before.listed(device)) return "Somebody else's device was removed.";
  }
  const left = devices.filter((one) => !removed.some(({ device }) => device === one.device));
  if (left.some(({ publicId }) => gone.includes(publicId)))
    return "Somebody was removed, but not all of their devices.";
  const newcomer = come.find((publicId) => !added.some((one) => one.publicId === publicId));
  if (newcomer) return "Somebody was added without a device.";
  return undefined;
}

function refusalOfPeople(
  old: GroupState,
  state: GroupState,
  by: PublicId,
  gone: PublicId[],
  come: PublicId[],
  leaving: PublicId[],
): string | undefined {
  if (peopleOf(state).length > maxPeople) return "Too many people.";
  if (old.kind === "pair") return gone.length + come.length > 0 ? "A pair stays two people." : undefined;
  if (come.length > 0 && !isAdmin(old, by)) return "A member added people.";
  if (come.some((publicId) => state.people[publicId] === "owner")) return "A newcomer cannot be an owner.";
  for (const publicId of gone) {
    if (leaving.includes(publicId)) continue;
    if (publicId === by) return "Somebody left without saying so.";
    if (old.people[publicId] === "owner") return "An owner was removed.";
    if (!mayManage(old, by, publicId)) return "Somebody was removed by a person who may not.";
  }
  const inherited = withoutPeople(old, gone).people;
  for (const publicId of peopleOf(state)) {
    const was: Role | undefined = inherited[publicId];
    if (was === undefined || was === state.people[publicId]) continue;
    if (old.people[by] !== "owner") return "A role was changed by somebody who is not an owner.";
  }
  for (const publicId of come) {
    if (state.people[publicId] === "admin" && old.people[by] !== "owner") return "A newcomer was made an admin.";
  }
  return undefined;
}

/** Owners manage everybody, admins manage members. */
export const mayManage = (state: GroupState, by: PublicId, other: PublicId): boolean =>
  state.people[by] === "owner" || (state.people[by] === "admin" && state.people[other] === "member");

/** A device that the registry lists: its person's, and of those who manage them; an owner's are nobody else's, so in a pair too. */
export const mayRemoveDevice = (state: GroupState, by: PublicId, theirs: PublicId): boolean =>
  theirs === by || (state.people[theirs] !== "owner" && mayManage(state, by, theirs));

function refusalOfSettings(old: GroupState, state: GroupState, by: PublicId): string | undefined {
  const settings = ({ people: _, leave: __, went: ___, ...rest }: GroupState) => rest;
  return !alike(settings(old), settings(state)) && !isAdmin(old, by)
    ? "A member changed the group's settings."
    : undefined;
}

const alike = (one: object = {}, other: object = {}): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
