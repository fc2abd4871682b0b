import { useMemo } from "react";
import type { ConversationSummary, PublicId } from "../../lib/types.ts";
import { useContacts } from "../contacts/model.ts";
import { shortId } from "../contacts/short-id.ts";
import type { NameOf } from "../message/types.ts";
import { useIdentity } from "../session/use-client.ts";

/** What stands above a conversation and in lists. */
export function titleOf(summary: ConversationSummary): string {
  return summary.kind === "pair" ? summary.contact.pseudonym : summary.group.name;
}

/** Names of everybody who may appear in a conversation, also of those who have left it. */
export function useNameOf(summary?: ConversationSummary): NameOf {
  const me = useIdentity();
  const contacts = useContacts((state) => state.contacts);
  return useMemo(() => {
    const members = summary?.kind === "group" ? summary.group.people : summary ? [summary.contact] : [];
    const names = new Map<PublicId, string>(members.map(({ publicId, pseudonym }) => [publicId, pseudonym]));
    names.set(me.publicId, me.pseudonym);
    return (person) => names.get(person) ?? contacts[person]?.pseudonym ?? shortId(person);
  }, [summary, me, contacts]);
}
