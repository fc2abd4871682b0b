import { useEffect, useState } from "react";
import type { Client, Contact, ConversationId, Message, MessageBody } from "../../lib/types.ts";
import { inOrder, useChats } from "../chats/model.ts";
import { useClient } from "../session/use-client.ts";

export interface CallLogEntry {
  message: Message;
  body: Extract<MessageBody, { type: "call" }>;
  contact: Contact;
  conversationId: ConversationId;
}

const depth = 100;

/** Calls of all conversations, newest first, as far as their latest messages reach. */
export function useCallLog(): CallLogEntry[] | undefined {
  const client = useClient();
  const { conversations, loaded } = useChats();
  const [entries, setEntries] = useState<CallLogEntry[]>();
  useEffect(() => {
    if (!loaded) return;
    let current = true;
    void readLog(client, conversations).then((read) => current && setEntries(read));
    return () => {
      current = false;
    };
  }, [client, conversations, loaded]);
  return entries;
}

async function readLog(client: Client, conversations: Parameters<typeof inOrder>[0]): Promise<CallLogEntry[]> {
  const lists = await Promise.all(
    inOrder(conversations).map(async (summary) => {
      if (summary.kind !== "pair") return []; // groups do not call yet
      const { id, contact } = summary;
      const messages = await client.conversations.open(id).messages({ limit: depth });
      return messages.flatMap((message) =>
        message.body.type === "call" ? [{ message, body: message.body, contact, conversationId: id }] : [],
      );
    }),
  );
  return lists.flat().sort((a, b) => b.message.at - a.message.at);
}
