import { afterEach, expect, test, vi } from "vitest";
import { type Following, followTab } from "../features/session/tabs/follow.ts";
import { serveTabs } from "../features/session/tabs/serve.ts";
import { tabChannel } from "../features/session/tabs/words.ts";
import { PageError } from "../lib/errors.ts";
import type { Client, Identity } from "../lib/types.ts";
import { fakeClient, textMessage } from "./fake-client.ts";

/** Node's BroadcastChannel joins two "tabs" of one process as a browser's does. */

const identity = { pseudonym: "lin", publicId: "0x01" } as unknown as Identity;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function leading(more: Parameters<typeof fakeClient>[0] = {}, onActive = () => {}) {
  const client = fakeClient({
    ...more,
    client: { identity, link: () => "https://relay.example/#/add/lin", relays: () => [], ...more.client },
  });
  ends.push(serveTabs(client, { locks: false, onActive }));
  return client;
}

async function following(options: Partial<Parameters<typeof followTab>[0]> = {}): Promise<Following> {
  const found = await followTab({
    lead: async () => Promise.reject(new Error("must not lead")),
    onState: () => {},
    onOver: () => {},
    ...options,
  });
  if (!found) throw new Error("nobody leads");
  ends.push(found.stop);
  return found;
}

test("a tab that follows asks, and gets the answers and the errors of the one that leads", async () => {
  const list = vi.fn(async () => [{ publicId: "0x02" }] as never);
  const block = vi.fn(async () => {
    throw Object.assign(new Error(), { code: "CONTACT_UNKNOWN" });
  });
  leading({ contacts: { list, block } });
  const { client } = await following();
  expect(client.identity).toEqual(identity);
  expect(client.link()).toBe("https://relay.example/#/add/lin");
  expect(await client.contacts.list()).toEqual([{ publicId: "0x02" }]);
  await expect(client.contacts.block("0x03")).rejects.toMatchObject({ code: "CONTACT_UNKNOWN" });
  expect(block).toHaveBeenCalledWith("0x03");
});

test("conversations are used as if they were here, also those that an answer brings", async () => {
  const sendText = vi.fn(async (text: string) => textMessage(text, 1));
  const view = vi.fn(async () => ({ name: "Tea house" }) as never);
  const conversation = { id: "c", sendText, group: { view } as never };
  leading({ conversation, contacts: { accept: async () => conversation as never } });
  const { client } = await following();
  expect(await client.conversations.open("c").sendText("hello")).toMatchObject({ id: "hello" });
  expect(await client.conversations.open("c").group?.view()).toEqual({ name: "Tea house" });
  const accepted = await client.contacts.accept("0x02");
  expect(accepted.id).toBe("c");
  await accepted.sendText("again");
  expect(sendText.mock.calls.map(([text]) => text)).toEqual(["hello", "again"]);
});

test("what happens is heard in every tab", async () => {
  const client = leading();
  const [one, other] = [await following(), await following()];
  const heard: string[] = [];
  one.client.on("message", ({ id }) => heard.push(`one ${id}`));
  const stop = other.client.on("message", ({ id }) => heard.push(`other ${id}`));
  client.emit("message", textMessage("m1", 1));
  await vi.waitFor(() => expect(heard.toSorted()).toEqual(["one m1", "other m1"]));
  stop();
  client.emit("message", textMessage("m2", 2));
  await vi.waitFor(() => expect(heard.slice(2)).toEqual(["one m2"]));
});

test("a signal that is aborted here is aborted there", async () => {
  const search = vi.fn(
    (_: string, options?: { signal?: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        options?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      }),
  );
  leading({ client: { search } });
  const { client } = await following();
  const closing = new AbortController();
  const found = client.search("tea", { signal: closing.signal });
  await vi.waitFor(() => expect(search).toHaveBeenCalled());
  closing.abort();
  await expect(found).rejects.toMatchObject({ code: "ABORTED" });
});

test("a call makes the tab lead first; it knows when the other one is in a call", async () => {
  const client = leading();
  const start = vi.fn(async () => "the call" as never);
  const { client: mine, state } = await following({ lead: async () => fakeClient({ calls: { start } }) as Client });
  expect(await mine.calls.start("0x02", { video: true })).toBe("the call");
  expect(start).toHaveBeenCalledWith("0x02", { video: true });
  const call = { snapshot: () => ({ state: "connected" }), on: () => () => {} };
  client.emit("call", call as never);
  await vi.waitFor(() => expect(state().inCall).toBe(true));
});

test("what a wallet signs makes the tab lead first; everything else about money is asked for", async () => {
  const review = vi.fn(async () => ({ balance: 5n }) as never);
  leading({ conversation: { id: "c", sendText: async () => textMessage("m", 1), money: { review } as never } });
  const pay = vi.fn(async () => textMessage("paid", 1));
  const lead = async () => fakeClient({ conversation: { money: { pay } as never } }) as Client;
  const { client } = await following({ lead });
  const input = { to: "0x02", asset: { chainId: 1, token: "0x05" }, amount: 5n } as const;
  const wallet = { address: "0x0a", signTypedData: async () => "0x" as const } as const;
  expect(await client.conversations.open("c").money.review(input)).toEqual({ balance: 5n });
  expect(await client.conversations.open("c").money.pay(input, wallet)).toMatchObject({ id: "paid" });
  expect(pay).toHaveBeenCalledExactlyOnceWith(input, wallet);
});

test("a packet that is watched is looked at again until nothing of it can change, or nobody watches", async () => {
  const looks: string[] = [];
  const look = async (message: string) => {
    looks.push(message);
    const taken = looks.filter((one) => one === message).length;
    return { taken, done: message === "short" && taken === 2 } as never;
  };
  leading({ conversation: { id: "c", sendText: async () => textMessage("m", 1), packets: { look } as never } });
  const { client: mine } = await following();
  const { packets } = mine.conversations.open("c");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const seen: string[] = [];
    packets.watch("short", ({ taken }) => seen.push(`short ${taken}`));
    const stop = packets.watch("long", ({ taken }) => seen.push(`long ${taken}`));
    await vi.waitFor(() => expect(seen).toContain("long 4"), { timeout: 20_000 });
    stop();
    expect(seen.filter((one) => one.startsWith("short"))).toEqual(["short 1", "short 2"]);
    const before = looks.length;
    vi.advanceTimersByTime(30_000);
    await packets.look("once");
    expect(looks.slice(before)).toEqual(["once"]);
  } finally {
    vi.useRealTimers();
  }
});

test("a packet that there is not is not looked for without end", async () => {
  let looks = 0;
  const look = async () => {
    looks++;
    throw new PageError("PACKET_INVALID");
  };
  leading({ conversation: { id: "c", sendText: async () => textMessage("m", 1), packets: { look } as never } });
  const { client: mine } = await following();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const stop = mine.conversations.open("c").packets.watch("none", () => undefined);
    // What tabs say to each other comes by itself; the pauses between are ours.
    for (let turn = 0; turn < 200; turn++) {
      await vi.advanceTimersByTimeAsync(3000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(looks).toBe(20);
    await mine.conversations
      .open("c")
      .packets.look("none")
      .catch(() => undefined);
    expect(looks).toBe(21);
    stop();
  } finally {
    vi.useRealTimers();
  }
});

test("an agreement is watched in the same way; what a wallet signs of it makes the tab lead first", async () => {
  const look = async (id: string) => {
    if (id === "gone") throw new PageError("MESSAGE_UNKNOWN");
    return { state: "proposed" };
  };
  const agreements = { look } as never;
  leading({ conversation: { id: "c", sendText: async () => textMessage("m", 1), agreements } });
  const sign = vi.fn(async () => textMessage("signed", 1));
  const lead = async () => fakeClient({ conversation: { agreements: { sign } as never } }) as Client;
  const { client } = await following({ lead });
  const mine = client.conversations.open("c").agreements;
  const seen: string[] = [];
  const stop = mine.watch("m", ({ state }) => seen.push(state));
  await vi.waitFor(() => expect(seen).toEqual(["proposed"]));
  stop();
  const failed = vi.fn();
  const gone = mine.watch("gone", () => {}, failed);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledWith({ code: "MESSAGE_UNKNOWN" }));
  gone();
  const wallet = { address: "0x0a", signTypedData: async () => "0x" as const } as const;
  const input = { version: "m", wallet };
  expect(await mine.sign("m", input)).toMatchObject({ id: "signed" });
  expect(sign).toHaveBeenCalledExactlyOnceWith("m", input);
});

test("when the tab that leads closes, what was asked fails, and the tab hears it", async () => {
  const onOver = vi.fn();
  leading({ contacts: { list: () => new Promise(() => {}) } });
  const found = await following({ onOver });
  const list = found.client.contacts.list();
  const failed = expect(list).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  ends.splice(0, 1)[0]?.();
  await vi.waitFor(() => expect(onOver).toHaveBeenCalledOnce());
  found.stop();
  await failed;
});

test("steps that lead out of the client are refused, and words of another version are not understood", async () => {
  leading();
  const channel = new BroadcastChannel(tabChannel);
  ends.push(() => channel.close());
  const answers: unknown[] = [];
  channel.onmessage = ({ data }) => answers.push(data);
  const ask = (id: string, steps: unknown[], v = 1) => channel.postMessage({ v, type: "ask", id, steps });
  ask("a", ["constructor", ["return 1"]]);
  ask("b", ["link", "constructor", ["return 1"]]);
  ask("c", ["link", []], 2);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(answers).toEqual(["a", "b"].map((id) => ({ v: 1, type: "refusal", id, code: "UNEXPECTED" })));
});

test("a tab that is used says so, so that the other one does not lock", async () => {
  const onActive = vi.fn();
  leading({}, onActive);
  const found = await following();
  for (let i = 0; i < 10; i++) found.sayActive();
  await vi.waitFor(() => expect(onActive).toHaveBeenCalledOnce());
});

test("without a tab that answers there is nobody to follow", async () => {
  expect(await followTab({ lead: async () => Promise.reject(), onState: () => {}, onOver: () => {} })).toBeUndefined();
});
