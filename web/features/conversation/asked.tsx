"use client";
import { useStore } from "zustand";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationId } from "../../lib/types.ts";
import { inOrder, useChats } from "../chats/model.ts";
import { useClient } from "../session/use-client.ts";
import { silenceOf } from "./can-write.ts";
import type { ConversationModel } from "./model.ts";
import { titleOf } from "./names.ts";

const DeleteSheet = onDemand(() => import("../message/delete-sheet.tsx"));
const ForwardSheet = onDemand(() => import("../message/forward-sheet.tsx"));

interface AskedProps {
  id: ConversationId;
  model: ConversationModel;
}

/** The sheet that a message's menu has opened. */
export function Asked({ id: here, model }: AskedProps) {
  const client = useClient();
  const asking = useStore(model.store, (state) => state.asking);
  const conversations = useChats((state) => state.conversations);
  if (!asking) return null;
  const close = () => model.store.setState({ asking: undefined });
  if (asking.kind === "delete") {
    const { id, forEveryone } = asking;
    const remove = () =>
      model.act((conversation) => (forEveryone ? conversation.deleteForEveryone(id) : conversation.deleteForMe(id)));
    return <DeleteSheet forEveryone={forEveryone} onClose={close} onDelete={() => void remove()} />;
  }
  const targets = inOrder(conversations)
    .filter((summary) => !silenceOf(summary))
    .map((summary) => ({
      id: summary.id,
      name: titleOf(summary),
      seed: summary.kind === "pair" ? summary.contact.publicId : summary.id,
    }));
  const forward = async (to: ConversationId[]) => {
    for (const target of to) await client.conversations.open(here).forward(asking.id, target);
  };
  return <ForwardSheet targets={targets} onClose={close} onForward={forward} />;
}
