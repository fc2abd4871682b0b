import { codeOf, PageError } from "../../../lib/errors.ts";
import type { Client, Identity } from "../../../lib/types.ts";
import { isTabWord, type LeadState, type StandIn, type Step, sharedEvents, type TabWord, tabChannel } from "./words.ts";

/** Asked at the same time by all other tabs together; more is refused. */
const maxAsked = 256;

interface ServeOptions {
  locks: boolean;
  /** Somebody uses another tab. */
  onActive(): void;
}

/** Lets other tabs follow this client. Returns how to stop. */
export function serveTabs(client: Client, { locks, onActive }: ServeOptions): () => void {
  const channel = new BroadcastChannel(tabChannel);
  const asked = new Map<string, AbortController>();
  let inCall = false;
  let over = false;
  // An answer may come after the end.
  const say = (word: TabWord) => over || channel.postMessage(word);
  const stateOf = (identity: Identity): LeadState => ({
    ...{ identity, inCall, locks },
    ...{ link: client.link(), relays: client.relays() },
  });
  const sayState = () => {
    if (client.identity) say({ v: 1, type: "state", state: stateOf(client.identity) });
  };
  const stops = sharedEvents.map((name) =>
    client.on(name, (value) => {
      say({ v: 1, type: "event", name, value });
      if (name === "identity" || name === "relays") sayState();
    }),
  );
  stops.push(
    client.on("call", (call) => {
      const note = () => {
        inCall = call.snapshot().state !== "ended";
        sayState();
      };
      note();
      call.on("change", ({ state }) => (state !== "ended") !== inCall && note());
    }),
  );

  async function answer(id: string, steps: Step[]): Promise<void> {
    if (asked.size >= maxAsked) throw new PageError("UNEXPECTED");
    const closing = new AbortController();
    asked.set(id, closing);
    const tell = (name: string, values: unknown[]) => say({ v: 1, type: "told", id, name, values });
    try {
      const value = await walk(client, steps, (stood) => {
        if (stood.standIn === "signal") return closing.signal;
        return (...values: unknown[]) => tell(stood.name, values);
      });
      if (isConversation(value)) say({ v: 1, type: "answer", id, conversation: value.id });
      else say({ v: 1, type: "answer", id, value });
    } finally {
      asked.delete(id);
    }
  }

  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isTabWord(data)) return;
    if (data.type === "hello") sayState();
    if (data.type === "active") onActive();
    if (data.type === "abort") asked.get(data.id)?.abort();
    if (data.type === "ask") {
      answer(data.id, data.steps).catch((error) => say({ v: 1, type: "refusal", id: data.id, code: codeOf(error) }));
    }
  };
  sayState();
  return () => {
    for (const stop of stops.splice(0)) stop();
    if (over) return;
    for (const closing of asked.values()) closing.abort();
    say({ v: 1, type: "over" });
    over = true;
    channel.close();
  };
}

const isConversation = (value: unknown): value is { id: string } =>
  typeof value === "object" && value !== null && "sendText" in value && "id" in value;

const isStandIn = (value: unknown): value is StandIn =>
  typeof value === "object" && value !== null && "standIn" in value && "name" in value;

/** Follows the steps through the client's own properties; nothing inherited, as from Object, is reached. */
async function walk(from: object, steps: Step[], give: (stood: StandIn) => unknown): Promise<unknown> {
  let owner: unknown;
  let here: unknown = from;
  for (const step of steps) {
    if (typeof step === "string") {
      if (typeof here !== "object" || here === null || step in Object.prototype) throw new PageError("UNEXPECTED");
      owner = here;
      here = (here as Record<string, unknown>)[step];
    } else {
      if (typeof here !== "function") throw new PageError("UNEXPECTED");
      here = await here.apply(
        owner,
        step.map((one) => received(one, give)),
      );
    }
  }
  return here;
}

/** An argument, or an object of options with functions and signals among them. */
function received(value: unknown, give: (stood: StandIn) => unknown): unknown {
  if (isStandIn(value)) return give(value);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, isStandIn(one) ? give(one) : one]));
}
