import { create } from "zustand";
import type { Client, Contact, PublicId } from "../../lib/types.ts";

interface ContactsState {
  loaded: boolean;
  contacts: Record<PublicId, Contact>;
}

export const useContacts = create<ContactsState>(() => ({ loaded: false, contacts: {} }));

/** Keeps the list in step with the client until the returned function is called. */
export function attachContacts(client: Client): () => void {
  const put = (contact: Contact) =>
    useContacts.setState(({ contacts }) => ({ contacts: { ...contacts, [contact.publicId]: contact } }));
  const stop = client.on("contacts", put);
  void client.contacts.list().then((list) => {
    const known = Object.fromEntries(list.map((contact) => [contact.publicId, contact]));
    useContacts.setState(({ contacts }) => ({ loaded: true, contacts: { ...known, ...contacts } }));
  });
  return () => {
    stop();
    useContacts.setState({ loaded: false, contacts: {} });
  };
}

export function requestsOf(contacts: Record<PublicId, Contact>): Contact[] {
  return Object.values(contacts)
    .filter((contact) => contact.state === "request-received")
    .sort((a, b) => b.since - a.since);
}

/** People without a conversation yet: asked, declined, or blocked before one began. */
export function pendingOf(contacts: Record<PublicId, Contact>): Contact[] {
  return Object.values(contacts)
    .filter(
      (contact) =>
        contact.state === "request-sent" ||
        (contact.state !== "request-received" && contact.state !== "connected" && !contact.conversationId),
    )
    .sort((a, b) => b.since - a.since);
}
