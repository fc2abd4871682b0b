import { useSyncExternalStore } from "react";

/**
 * Where in the app one is, kept in the address's fragment: ids and links never reach a server.
 * `#c=…` a conversation, `#p=…` a person.
 */
export type Place = { conversation: string } | { person: `0x${string}` } | undefined;

const listeners = new Set<() => void>();

export function parsePlace(hash: string): Place {
  const conversation = /^#c=([0-9a-f]{1,128})$/i.exec(hash)?.[1];
  if (conversation) return { conversation };
  const person = /^#p=(0x[0-9a-f]{64})$/i.exec(hash)?.[1];
  return person ? { person: person as `0x${string}` } : undefined;
}

export function placeHash(place: Place): string {
  if (!place) return "";
  return "conversation" in place ? `#c=${place.conversation}` : `#p=${place.person}`;
}

/** Goes to a place inside this page; the back button returns. */
export function goTo(place: Place, options: { replace?: boolean } = {}): void {
  const url = location.pathname + placeHash(place);
  if (options.replace) history.replaceState(history.state, "", url);
  else history.pushState(null, "", url);
  for (const listener of listeners) listener();
}

export function useHash(): string {
  return useSyncExternalStore(
    subscribe,
    () => location.hash,
    () => "",
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("hashchange", listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("hashchange", listener);
    removeEventListener("popstate", listener);
  };
}
