import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ConversationId, ErrorCode } from "../../lib/types.ts";

/** Where one has knocked. Not kept over a reload: knocking again does no harm, and names stay off the disk. */
export type Knock = { name: string } & (
  | { state: "asking" | "waiting" | "refused" | "in" }
  | { state: "failed"; code: ErrorCode }
);

export const useKnocks = create<{ knocks: Record<ConversationId, Knock> }>(() => ({ knocks: {} }));

const put = (id: ConversationId, knock: Knock) =>
  useKnocks.setState(({ knocks }) => ({ knocks: { ...knocks, [id]: knock } }));

/** What is known of a knock changes; one that nobody made here stays unknown. */
const answer = (id: ConversationId, state: "refused" | "in") => {
  const knock = useKnocks.getState().knocks[id];
  if (knock) put(id, { name: knock.name, state });
};

/** Asks to be let into the group of a link. */
export async function ask(client: Client, link: string, id: ConversationId, name: string): Promise<void> {
  put(id, { name, state: "asking" });
  try {
    await client.groups.join(link);
    // Somebody may have answered in the meantime.
    if (useKnocks.getState().knocks[id]?.state === "asking") put(id, { name, state: "waiting" });
  } catch (failed) {
    put(id, { name, state: "failed", code: codeOf(failed) });
  }
}

/** Follows what becomes of knocks, until the returned function is called. */
export function attachKnocks(client: Client): () => void {
  const stops = [
    client.on("refused", ({ conversationId }) => answer(conversationId, "refused")),
    client.on("conversation", (summary) => {
      if (summary.kind === "group" && !summary.group.left) answer(summary.id, "in");
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    useKnocks.setState({ knocks: {} });
  };
}
