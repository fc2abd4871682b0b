import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ConversationId, ErrorCode, JoinPolicy, PublicId, WritePolicy } from "../../lib/types.ts";

export interface Draft {
  name: string;
  description: string;
  picture: Uint8Array | undefined;
  people: readonly PublicId[];
  write: WritePolicy;
  join: JoinPolicy;
}

const blank: Draft = { name: "", description: "", picture: undefined, people: [], write: "all", join: "approval" };

interface NewGroupState {
  /** Kept while one looks at something else, and when it could not be made. */
  draft: Draft;
  busy: boolean;
  error: ErrorCode | undefined;
  change(part: Partial<Draft>): void;
  /** Resolves with the group, or with nothing: `error` then says why. */
  make(client: Client): Promise<ConversationId | undefined>;
}

export const useNewGroup = create<NewGroupState>((set, get) => ({
  draft: blank,
  busy: false,
  error: undefined,
  change: (part) => set(({ draft }) => ({ draft: { ...draft, ...part }, error: undefined })),
  async make(client) {
    const { draft, busy } = get();
    if (busy || !draft.name.trim()) return undefined;
    set({ busy: true, error: undefined });
    try {
      const { description, picture, ...rest } = draft;
      const { id } = await client.groups.create({
        ...rest,
        ...(description.trim() ? { description } : {}),
        ...(picture ? { picture } : {}),
      });
      set({ draft: blank, busy: false });
      return id;
    } catch (failed) {
      set({ busy: false, error: codeOf(failed) });
      return undefined;
    }
  },
}));
