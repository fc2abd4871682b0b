import * as z from "zod";
import { type Bytes, utf8 } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { JoinPolicy, Role, WritePolicy } from "../../types/group.ts";
import type { Millis, PublicId } from "../../types/primitives.ts";
import { type Leave, leaveSchema } from "./leaveStatement.ts";

/**
 * What all members of a conversation agree on. It lies in the MLS GroupContext, so every epoch authenticates it and a
 * fork of it shows at once. "pair": two people, made by request and welcome; nobody comes or goes, devices do.
 */
export interface GroupState {
  v: 1;
  kind: "pair" | "group";
  /** Relays whose logs order the commits, by their number in the registry. */
  order: number[];
  /** Who belongs. Every leaf of the tree is a device of one of them. */
  people: Record<PublicId, Role>;
  /** Groups only. */
  name?: string;
  description?: string;
  /** A small WebP or JPEG, base64url. */
  picture?: string;
  /** Who may write. */
  write?: WritePolicy;
  /** How people with the link get in. */
  join?: JoinPolicy;
  /** Secret of the present link, 16 bytes in hex; members may pass it on. */
  invite?: string;
  /** Ids of pinned messages, newest first. */
  pinned?: string[];
  /** Statements of those whom the commit that made this state let go at their own wish. */
  leave?: Leave[];
  /** Who went in one of the last epochs, and in which: what they had signed until then to leave does not hold once they are back. */
  went?: Record<PublicId, number>;
  /** Seconds after which messages disappear once seen; 0 or absent: never. */
  timer?: number;
  /** With whom history was shared lately, oldest first. Pieces of it count only from the one who said so here, before everybody. */
  shared?: Share[];
}

/** `by` lets `to` read what was said before they came, from `since` on. */
export interface Share {
  /** 16 random bytes, hex. */
  id: string;
  by: PublicId;
  to: PublicId;
  since?: Millis | undefined;
}

export const maxPeople = 150;
export const maxGroupName = 64;
export const maxDescription = 512;
/** Bytes of the encoded picture. */
export const maxPicture = 24 * 1024;
export const maxPinned = 16;
/** In one commit. */
export const maxLeaves = 16;
/** Remembered in the state. */
export const maxWent = 64;
export const maxShares = 8;
export const maxState = 60 * 1024;

const publicId = z.string().regex(/^0x[0-9a-f]{64}$/);

export const stateSchema = z
  .object({
    v: z.literal(1),
    kind: z.enum(["pair", "group"]),
    order: z.array(z.int().min(1).max(0xffffffff)).min(1).max(5),
    people: z.record(publicId, z.enum(["owner", "admin", "member"])),
    name: z.string().min(1).max(maxGroupName).optional(),
    description: z.string().max(maxDescription).optional(),
    picture: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/)
      .max(Math.ceil((maxPicture * 4) / 3))
      .optional(),
    write: z.enum(["all", "admins"]).optional(),
    join: z.enum(["approval", "open", "closed"]).optional(),
    invite: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    pinned: z
      .array(z.string().regex(/^[0-9a-f]{32}$/))
      .max(maxPinned)
      .optional(),
    leave: z.array(leaveSchema).max(maxLeaves).optional(),
    went: z
      .record(publicId, z.int().min(0))
      .refine((went) => Object.keys(went).length <= maxWent)
      .optional(),
    timer: z
      .int()
      .min(0)
      .max(31 * 86_400)
      .optional(),
    shared: z
      .array(
        z.object({
          id: z.string().regex(/^[0-9a-f]{32}$/),
          by: publicId,
          to: publicId,
          since: z.int().min(0).optional(),
        }),
      )
      .max(maxShares)
      .optional(),
  })
  .refine(({ order }) => new Set(order).size === order.length)
  .refine(({ kind, people }) => {
    const roles = Object.values(people);
    if (roles.length < 1 || roles.length > maxPeople || !roles.includes("owner")) return false;
    return kind === "group" || (roles.length === 2 && roles.every((role) => role === "owner"));
  })
  .refine(
    (state) => state.kind === "group" || (!state.name && !state.invite && !state.write && !state.join && !state.shared),
  );

export const encodeState = (state: GroupState): Bytes => utf8(JSON.stringify(state));

/** @throws SkrumbleError MLS_FAILED (the group is not one of this network) */
export function decodeState(bytes: Uint8Array | undefined): GroupState {
  let json: unknown;
  try {
    if (bytes && bytes.length <= maxState) json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    json = undefined;
  }
  const parsed = stateSchema.safeParse(json);
  if (!parsed.success) throw new SkrumbleError("MLS_FAILED", { details: "The group's state has the wrong form." });
  return parsed.data as GroupState;
}

/** What two people agreed on stays when a new group takes the place of theirs. Whoever does not know it says nothing of it. */
export const lastingOf = (state: GroupState | undefined): Pick<GroupState, "timer" | "pinned"> =>
  state ? { timer: state.timer ?? 0, pinned: state.pinned ?? [] } : {};

export const peopleOf = (state: GroupState): PublicId[] => Object.keys(state.people) as PublicId[];

/** What a commit shares. */
export const sharedAnew = (before: GroupState, after: GroupState): Share[] => {
  const known = (before.shared ?? []).map(nameOf);
  return (after.shared ?? []).filter((share) => !known.includes(nameOf(share)));
};

const nameOf = ({ id, by, to, since }: Share): string => [id, by, to, since].join();

export const isAdmin = (state: GroupState, publicId: PublicId): boolean =>
  state.people[publicId] === "owner" || state.people[publicId] === "admin";
