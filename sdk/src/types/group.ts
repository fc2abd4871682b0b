import type { MessageId, Millis, PublicId } from "./primitives.ts";

export type Role = "owner" | "admin" | "member";

/** A line in the conversation about the conversation. */
export type Notice =
  | { kind: "created"; by: PublicId }
  | { kind: "added" | "removed"; by: PublicId; people: PublicId[] }
  | { kind: "left"; people: PublicId[] }
  | { kind: "name"; by: PublicId; name: string }
  | { kind: "description" | "picture"; by: PublicId }
  | { kind: "write"; by: PublicId; write: WritePolicy }
  | { kind: "join"; by: PublicId; join: JoinPolicy }
  | { kind: "role"; by: PublicId; person: PublicId; role: Role }
  | { kind: "timer"; by: PublicId; seconds: number }
  | { kind: "pinned" | "unpinned"; by: PublicId }
  /** An admin lets a member read what was said before they came; `since`: no further back. */
  | { kind: "shared"; by: PublicId; person: PublicId; since?: Millis | undefined };

export type WritePolicy = "all" | "admins";
/** How people with the link get in: an admin says yes, at once, or not at all. */
export type JoinPolicy = "approval" | "open" | "closed";

export interface GroupMember {
  publicId: PublicId;
  pseudonym: string;
  role: Role;
  /** How many of their devices are in the group. */
  devices: number;
}

export interface GroupView {
  name: string;
  description: string;
  /** Small WebP or JPEG. */
  picture?: Uint8Array;
  /** One's own; undefined once one is out. */
  role?: Role;
  people: GroupMember[];
  write: WritePolicy;
  join: JoinPolicy;
  pinned: MessageId[];
  /** Contacts this device has asked in and who have not come yet. */
  invited: { publicId: PublicId; pseudonym: string }[];
  /** People with the link who wait for an admin. */
  requests: { publicId: PublicId; pseudonym: string; at: Millis }[];
  /** Changes of this device that are not through yet. */
  settling: boolean;
  /** Why one is no longer in the group. */
  left?: "left" | "removed";
}

export interface GroupInput {
  name: string;
  description?: string;
  /** WebP or JPEG, at most 24 KiB. */
  picture?: Uint8Array;
  /** Contacts to ask in. */
  people?: readonly PublicId[];
  write?: WritePolicy;
  join?: JoinPolicy;
}

/** What is on its way to somebody. */
export interface SharedHistory {
  messages: number;
  /** False where older messages were left out: at most 2,000, or 4 MiB, go at once. */
  complete: boolean;
}

/** Every change is made for everybody or not at all; "conversation" events tell when it has come through. */
export interface GroupActions {
  view(): Promise<GroupView>;
  /** Asks contacts in; they come by themselves when they are online. */
  invite(people: readonly PublicId[]): Promise<void>;
  remove(publicId: PublicId): Promise<void>;
  setRole(publicId: PublicId, role: Role): Promise<void>;
  /** `null` takes the picture away. */
  update(
    changes: Partial<Pick<GroupInput, "name" | "description" | "write" | "join">> & { picture?: Uint8Array | null },
  ): Promise<void>;
  pin(id: MessageId, on: boolean): Promise<void>;
  leave(): Promise<void>;
  /** The link that leads people here, secret behind the #. */
  link(): Promise<string>;
  /** The link before this one leads nowhere any more. */
  resetLink(): Promise<void>;
  /** Lets somebody in who waits, or not. */
  decide(publicId: PublicId, accept: boolean): Promise<void>;
  /**
   * For admins: lets a member read what was said before they came, as far as this device received it from its authors
   * itself. Everybody in the group is told first; then it goes out by itself. Texts as they read now, and of voice messages that there was
   * one; nothing that was deleted, is to disappear, or was shared with this device.
   * @param since no further back
   *
   * @example
   * await client.conversations.open(id).group?.shareHistory(publicId, { since: Date.now() - 7 * 86_400_000 });
   *
   * @throws SkrumbleError HISTORY_NOTHING, GROUP_NOT_ADMIN, GROUP_LEFT, GROUP_BUSY, INPUT_INVALID, STORE_FAILED
   */
  shareHistory(publicId: PublicId, options?: { since?: Millis }): Promise<SharedHistory>;
}
