import type { GroupMember, GroupView, PublicId } from "../../lib/types.ts";

/** What one person in a group can do to another; the SDK refuses everything else. */
export type PersonAction = "shareHistory" | "makeAdmin" | "makeMember" | "makeOwner" | "remove";

export const isAdmin = ({ role }: GroupView): boolean => role === "owner" || role === "admin";

/** Members may pass the link on; when it is closed it leads nowhere. */
export const hasLink = ({ role, join }: GroupView): boolean => role !== undefined && join !== "closed";

/** Owners manage everybody, admins manage members, nobody manages themselves. History is shared with whoever came later. */
export function actionsOn(group: GroupView, own: PublicId, { publicId, role }: GroupMember): PersonAction[] {
  if (publicId === own || !isAdmin(group)) return [];
  if (role === "owner") return ["shareHistory"];
  if (group.role === "owner")
    return ["shareHistory", role === "member" ? "makeAdmin" : "makeMember", "makeOwner", "remove"];
  return role === "member" ? ["shareHistory", "remove"] : ["shareHistory"];
}

const rank = { owner: 0, admin: 1, member: 2 } as const;

/** Oneself first, then who can let people in, then everybody by name. */
export function inOrder(people: readonly GroupMember[], own: PublicId): GroupMember[] {
  return people.toSorted(
    (a, b) =>
      Number(b.publicId === own) - Number(a.publicId === own) ||
      rank[a.role] - rank[b.role] ||
      a.pseudonym.localeCompare(b.pseudonym),
  );
}

/** What happens to a group when one leaves it. */
export function leaving({ people, role }: GroupView): "plain" | "lastOwner" | "alone" {
  if (people.length <= 1) return "alone";
  const owners = people.filter((person) => person.role === "owner").length;
  return role === "owner" && owners === 1 ? "lastOwner" : "plain";
}
