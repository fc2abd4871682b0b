import { describe, expect, test, vi } from "vitest";
import { openConversation } from "../features/conversation/model.ts";
import { merge } from "../features/conversation/state.ts";
import { PageError } from "../lib/errors.ts";
import { fakeClient, settle, textMessage } from "./fake-client.ts";

const page = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => textMessage(`m${from + index}`, from + index));

describe("a conversation", () => {
  test("shows what is kept, marks it read and knows where the unread begins", async () => {
    const markRead = vi.fn(async () => {});
    const client = fakeClient({ conversation: { messages: async () => page(3), markRead } });
    const model = openConversation(client, "c", 2);
    await settle();
    const state = model.store.getState();
    expect(state.messages.map(({ id }) => id)).toEqual(["m0", "m1", "m2"]);
    expect(state).toMatchObject({ loaded: true, complete: true, unreadFrom: "m1" });
    expect(markRead).toHaveBeenCalledWith("m2");
  });

  test("loads earlier pages once at a time and stops at the first message", async () => {
    const messages = vi.fn(async (options?: { before?: string }) => (options?.before ? page(10) : page(50, 10)));
    const client = fakeClient({ conversation: { messages, markRead: async () => {} } });
    const model = openConversation(client, "c", 0);
    await settle();
    expect(model.store.getState().complete).toBe(false);
    await Promise.all([model.loadOlder(), model.loadOlder()]);
    await model.loadOlder();
    expect(messages).toHaveBeenCalledTimes(2);
    expect(messages).toHaveBeenLastCalledWith({ before: "m10", limit: 50 });
    expect(model.store.getState().messages).toHaveLength(60);
    expect(model.store.getState().complete).toBe(true);
  });

  test("counts what arrives while the reader is further up, and reads it when they return", async () => {
    const markRead = vi.fn(async () => {});
    const client = fakeClient({ conversation: { messages: async () => [], markRead } });
    const model = openConversation(client, "c", 0);
    await settle();
    model.atEnd(false);
    client.emit("message", textMessage("late", 5));
    expect(model.store.getState()).toMatchObject({ below: 1, announced: { id: "late" } });
    expect(markRead).not.toHaveBeenCalled();
    model.atEnd(true);
    expect(model.store.getState().below).toBe(0);
    expect(markRead).toHaveBeenCalledWith("late");
  });

  test("what an admin shares stands where it belongs, and is neither new nor announced", async () => {
    const client = fakeClient({ conversation: { messages: async () => page(2, 5), markRead: async () => {} } });
    const model = openConversation(client, "c", 0);
    await settle();
    model.atEnd(false);
    client.emit("message", textMessage("old", 1, { sharedBy: "0x03" }));
    expect(model.store.getState()).toMatchObject({ below: 0, announced: undefined });
    expect(model.store.getState().messages.map(({ id }) => id)).toEqual(["old", "m5", "m6"]);
  });

  test("a change of delivery replaces the message and is neither new nor announced", async () => {
    const client = fakeClient({ conversation: { messages: async () => [], markRead: async () => {} } });
    const model = openConversation(client, "c", 0);
    await settle();
    const sent = textMessage("m", 1, { outgoing: true, delivery: "sending" });
    client.emit("message", sent);
    client.emit("message", { ...sent, delivery: "read" });
    expect(model.store.getState().messages).toEqual([{ ...sent, delivery: "read" }]);
    expect(model.store.getState().announced).toBeUndefined();
  });

  test("a quote follows the words it quotes, and does not outlive them", async () => {
    const quoting = textMessage("b", 2, { replyTo: { id: "a", from: "0x02", preview: "a", state: "known" } });
    const messages = async () => [textMessage("a", 1), quoting];
    const client = fakeClient({ conversation: { messages, markRead: async () => {} } });
    const model = openConversation(client, "c", 0);
    await settle();
    const quote = () => model.store.getState().messages[1]?.replyTo;
    client.emit("message", textMessage("a", 1, { body: { type: "text", text: "better" }, edited: 5 }));
    expect(quote()).toMatchObject({ preview: "better", state: "known" });
    client.emit("message", textMessage("a", 1, { body: { type: "deleted", by: "0x02" } }));
    expect(quote()).toMatchObject({ preview: "", state: "deleted" });
  });

  test("messages of other conversations are not shown here", async () => {
    const client = fakeClient({ conversation: { messages: async () => [] } });
    const model = openConversation(client, "c", 0);
    await settle();
    client.emit("message", textMessage("x", 1, { conversationId: "other" }));
    expect(model.store.getState().messages).toEqual([]);
  });

  test("what cannot be sent is handed back with a reason", async () => {
    const sendText = async () => {
      throw new PageError("MESSAGE_TOO_LONG");
    };
    const client = fakeClient({ conversation: { messages: async () => [], sendText } });
    const model = openConversation(client, "c", 0);
    await settle();
    expect(await model.send("hello")).toBe(false);
    expect(model.store.getState().error).toBe("MESSAGE_TOO_LONG");
    expect(await model.send("   ")).toBe(false);
  });

  test("an answer that overtakes the event does not undo a later state", () => {
    const early = textMessage("m", 1, { outgoing: true, delivery: "sending" });
    const late = { ...early, delivery: "stored" as const };
    expect(merge([late], [early], "keep")).toEqual([late]);
    expect(merge([early], [late])).toEqual([late]);
  });

  test("a conversation that is not here is said to be missing", async () => {
    const messages = async () => {
      throw new PageError("CONVERSATION_UNKNOWN");
    };
    const model = openConversation(fakeClient({ conversation: { messages } }), "c", 0);
    await settle();
    expect(model.store.getState()).toMatchObject({ loaded: true, missing: true });
  });
});
