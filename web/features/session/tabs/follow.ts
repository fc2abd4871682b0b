import { codeOf, PageError } from "../../../lib/errors.ts";
import type { Client, ClientEvents, Conversation, ErrorCode } from "../../../lib/types.ts";
import { isTabWord, type LeadState, type StandIn, type Step, type TabWord, tabChannel } from "./words.ts";

/** A tab that leads answers a greeting within this time, or is asleep. */
const patience = 1_500;

export interface Following {
  /** The client of the tab that leads, as far as it can be used from here. */
  client: Client;
  state(): LeadState;
  /** Somebody uses this tab: the other one must not lock as if nobody were there. */
  sayActive(): void;
  stop(): void;
}

interface FollowOptions {
  /** Makes this tab lead, for what only that one can do: calls, and what holds on to functions. Fails during a call. */
  lead(): Promise<Client>;
  onState(state: LeadState): void;
  /** The tab that led has closed its client. */
  onOver(): void;
}

/** How often a tab that follows looks at what it shows. */
const lookEvery = 3_000;
/** So often a packet may be unknown, by relays that are behind; then there is none. */
const mostUntrue = 20;

interface Asked {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  functions: Map<string, (...values: unknown[]) => void>;
}

/** What a tab that follows leads for. */
const leadFirst = new Set([
  "calls.start",
  "devices.link",
  "devices.approve",
  "devices.revoke",
  "history.save",
  "history.restore",
  "join",
  "conversations.open.money.pay",
  "conversations.open.packets.create",
  "conversations.open.packets.withdraw",
  "packets.disallow",
  "fees.pay",
  "agreements.act",
  "conversations.open.agreements.sign",
  "conversations.open.agreements.retract",
  "conversations.open.agreements.act",
]);

/** Follows the tab that leads; undefined when none answers. */
export async function followTab({ lead, onState, onOver }: FollowOptions): Promise<Following | undefined> {
  const channel = new BroadcastChannel(tabChannel);
  const asked = new Map<string, Asked>();
  const listeners = new Map<keyof ClientEvents, Set<(value: never) => void>>();
  const { promise: found, resolve: meet } = Promise.withResolvers<LeadState | undefined>();
  let state: LeadState | undefined;
  const say = (word: TabWord) => channel.postMessage(word);

  const stop = () => {
    channel.close();
    for (const { reject } of asked.values()) reject(new PageError("CLIENT_CLOSED"));
    asked.clear();
  };
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isTabWord(data)) return;
    if (data.type === "state") {
      const known = state;
      state = data.state;
      if (known) onState(state);
      else meet(state);
    }
    if (data.type === "over" && state) onOver();
    if (data.type === "event") {
      for (const listener of [...(listeners.get(data.name) ?? [])]) (listener as (value: unknown) => void)(data.value);
    }
    if (data.type === "told") asked.get(data.id)?.functions.get(data.name)?.(...data.values);
    if (data.type !== "answer" && data.type !== "refusal") return;
    const waiting = asked.get(data.id);
    if (!waiting || !asked.delete(data.id)) return;
    if (data.type === "refusal") waiting.reject(new PageError(data.code as ErrorCode));
    else waiting.resolve(data.conversation === undefined ? data.value : conversation(data.conversation));
  };

  function ask(steps: Step[]): Promise<unknown> {
    const id = crypto.randomUUID();
    const functions: Asked["functions"] = new Map();
    const sent = steps.map((step) =>
      typeof step === "string" ? step : step.map((one) => sendable(one, id, functions)),
    );
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject, functions });
      try {
        say({ v: 1, type: "ask", id, steps: sent });
      } catch (error) {
        asked.delete(id);
        reject(new PageError("UNEXPECTED", { cause: error }));
      }
    });
  }

  /** A function or signal by a stand-in; also among options. */
  function sendable(value: unknown, id: string, functions: Asked["functions"], depth = 0): unknown {
    if (typeof value === "function") {
      const name = String(functions.size);
      functions.set(name, value as (...values: unknown[]) => void);
      return { standIn: "function", name } satisfies StandIn;
    }
    if (value instanceof AbortSignal) {
      value.addEventListener("abort", () => asked.has(id) && say({ v: 1, type: "abort", id }), { once: true });
      return { standIn: "signal", name: "signal" } satisfies StandIn;
    }
    if (depth > 0 || typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sendable(one, id, functions, 1)]));
  }

  /** Every method of a part of the client, asked for over there; what is given here already comes first. */
  function part(steps: Step[], given: object = {}): object {
    return new Proxy(given, {
      get(target, name) {
        if (typeof name !== "string" || name === "then") return undefined;
        if (name in target) return (target as Record<string, unknown>)[name];
        const path = [...steps, name];
        const called = path.filter((step) => typeof step === "string").join(".");
        if (!leadFirst.has(called)) return (...args: unknown[]) => ask([...path, args]);
        return async (...args: unknown[]) => {
          let owner: unknown;
          let here: unknown = await lead();
          for (const step of [...path, args]) {
            if (typeof step !== "string") here = (here as (...args: unknown[]) => unknown).apply(owner, step);
            else [owner, here] = [here, (here as Record<string, unknown>)[step]];
          }
          return here;
        };
      },
    });
  }

  function conversation(id: string): Conversation {
    const at: Step[] = ["conversations", "open", [id]];
    // Nobody waits for it.
    const typing = () => void ask([...at, "typing", []]).catch(() => undefined);
    // A function cannot be handed over here: this tab looks again until nothing can change.
    type Watch = (message: string, listener: (view: unknown) => void, failed?: (problem: object) => void) => () => void;
    const watch =
      (room: string): Watch =>
      (message, listener, failed) => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        let over = false;
        let untrue = 0;
        const look = async () => {
          const view = await ask([...at, room, "look", [message]]).catch((error: unknown) => {
            untrue = codeOf(error) === "PACKET_INVALID" ? untrue + 1 : 0;
            if (!over) failed?.({ code: codeOf(error) });
          });
          if (over || untrue === mostUntrue) return;
          if (view) listener(view);
          if (!(view as { done?: boolean } | undefined)?.done) timer = setTimeout(look, lookEvery);
        };
        void look();
        return () => {
          over = true;
          clearTimeout(timer);
        };
      };
    return part(at, {
      ...{ id, typing },
      ...Object.fromEntries(["group", "money"].map((name) => [name, part([...at, name])])),
      packets: part([...at, "packets"], { watch: watch("packets") }),
      agreements: part([...at, "agreements"], { watch: watch("agreements") }),
    }) as Conversation;
  }

  const on = (event: keyof ClientEvents, listener: (value: never) => void) => {
    const all = listeners.get(event) ?? new Set();
    listeners.set(event, all.add(listener));
    return () => void all.delete(listener);
  };

  const client = part([], {
    get identity() {
      return state?.identity;
    },
    link: () => state?.link ?? "",
    relays: () => state?.relays ?? [],
    on,
    close: async () => stop(),
    ...Object.fromEntries(
      ["contacts", "groups", "history", "kept", "money", "packets", "fees", "agreements"].map((name) => [
        name,
        part([name]),
      ]),
    ),
    // A hand-over is shown where it happens.
    devices: part(["devices"], { transfers: () => [] }),
    conversations: part(["conversations"], { open: conversation }),
    calls: part(["calls"], { current: () => undefined }),
  }) as Client;

  say({ v: 1, type: "hello" });
  const timer = setTimeout(() => meet(undefined), patience);
  const met = await found;
  clearTimeout(timer);
  if (!met) {
    stop();
    return undefined;
  }
  let last = 0;
  return {
    client,
    state: () => state ?? met,
    sayActive() {
      if (Date.now() - last < 5_000) return;
      last = Date.now();
      channel.postMessage({ v: 1, type: "active" });
    },
    stop,
  };
}

/** Resolves when a tab that leads lets others follow: until then nobody answers a greeting. */
export function hearLead(signal: AbortSignal): Promise<boolean> {
  const channel = new BroadcastChannel(tabChannel);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isTabWord(data) && data.type === "state") resolve(true);
  };
  signal.addEventListener("abort", () => resolve(false), { once: true });
  return promise.finally(() => channel.close());
}
