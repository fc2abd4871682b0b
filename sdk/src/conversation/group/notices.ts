import type { Notice } from "../../types/group.ts";
import type { PublicId } from "../../types/primitives.ts";
import { type GroupState, peopleOf, sharedAnew } from "./state.ts";

/** What people are told of a commit; nothing of keys and devices. */
export function noticesOf(
  before: GroupState,
  after: GroupState,
  { by, leaving }: { by: PublicId; leaving: readonly PublicId[] },
): Notice[] {
  const notices: Notice[] = [];
  const come = peopleOf(after).filter((publicId) => before.people[publicId] === undefined);
  const gone = peopleOf(before).filter((publicId) => after.people[publicId] === undefined);
  const left = gone.filter((publicId) => leaving.includes(publicId));
  const removed = gone.filter((publicId) => !leaving.includes(publicId));
  if (come.length > 0) notices.push({ kind: "added", by, people: come });
  if (removed.length > 0) notices.push({ kind: "removed", by, people: removed });
  if (left.length > 0) notices.push({ kind: "left", people: left });
  for (const person of peopleOf(after)) {
    const [was, role] = [before.people[person], after.people[person]];
    if (was !== undefined && role !== undefined && was !== role) notices.push({ kind: "role", by, person, role });
  }
  if (after.name && after.name !== before.name) notices.push({ kind: "name", by, name: after.name });
  if (after.description !== before.description) notices.push({ kind: "description", by });
  if (after.picture !== before.picture) notices.push({ kind: "picture", by });
  if (after.write && after.write !== (before.write ?? "all")) notices.push({ kind: "write", by, write: after.write });
  if (after.join && after.join !== before.join) notices.push({ kind: "join", by, join: after.join });
  if ((after.timer ?? 0) !== (before.timer ?? 0)) notices.push({ kind: "timer", by, seconds: after.timer ?? 0 });
  const pins = (after.pinned?.length ?? 0) - (before.pinned?.length ?? 0);
  if (pins !== 0) notices.push({ kind: pins > 0 ? "pinned" : "unpinned", by });
  for (const { to, since } of sharedAnew(before, after)) {
    notices.push({ kind: "shared", by, person: to, ...(since === undefined ? {} : { since }) });
  }
  return notices;
}
