import type { Client, ClientEvents, Conversation, Message } from "../lib/types.ts";

type Listeners = { [K in keyof ClientEvents]?: Set<(value: ClientEvents[K]) => void> };

/** A client whose answers a test sets one by one; whatever it did not set fails loudly. */
export function fakeClient(answers: {
  conversation?: Partial<Conversation>;
  contacts?: Partial<Client["contacts"]>;
  conversations?: Partial<Client["conversations"]>;
  calls?: Partial<Client["calls"]>;
  client?: Partial<Client>;
}): Client & { emit<K extends keyof ClientEvents>(event: K, value: ClientEvents[K]): void } {
  const listeners: Listeners = {};
  const setFor = <K extends keyof ClientEvents>(event: K) => {
    const known = listeners[event] ?? new Set();
    (listeners as Record<string, unknown>)[event] = known;
    return known as Set<(value: ClientEvents[K]) => void>;
  };
  const loud = <T extends object>(name: string, given: Partial<T> = {}): T =>
    new Proxy(given as T, {
      get(target, key) {
        // A promise that is given one looks whether it is a promise itself.
        if (key in target || key === "then") return target[key as keyof T];
        throw new Error(`${name}.${String(key)} was not expected`);
      },
    });
  return loud("client", {
    contacts: loud("contacts", answers.contacts),
    conversations: loud("conversations", {
      open: () => loud<Conversation>("conversation", answers.conversation),
      list: async () => [],
      ...answers.conversations,
    }),
    calls: loud("calls", { current: () => undefined, ...answers.calls }),
    on(event: keyof ClientEvents, listener: (value: never) => void) {
      const set = setFor(event) as Set<unknown>;
      set.add(listener);
      return () => void set.delete(listener);
    },
    emit(event: keyof ClientEvents, value: never) {
      for (const listener of setFor(event) as Set<(value: never) => void>) listener(value);
    },
    ...answers.client,
  } as never);
}

export function textMessage(id: string, at: number, more: Partial<Message> = {}): Message {
  return {
    id,
    conversationId: "c",
    from: "0x02",
    outgoing: false,
    at,
    body: { type: "text", text: id },
    delivery: "delivered",
    ...more,
  };
}

/** Lets everything that is already settled run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
