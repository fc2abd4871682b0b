// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { attachChats, inOrder, unreadTotal, useChats } from "../features/chats/model.ts";
import { Preview } from "../features/chats/preview.tsx";
import { silenceOf } from "../features/conversation/can-write.ts";
import { Delivery } from "../features/conversation/delivery.tsx";
import { maySetTimer } from "../features/conversation/room-menu.tsx";
import { TypingText } from "../features/conversation/typing.tsx";
import { useSession } from "../features/session/model.ts";
import type { GroupSummary, GroupView, Message } from "../lib/types.ts";
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;
const person = (publicId: `0x${string}`, pseudonym: string) =>
  ({ publicId, pseudonym, role: "member", devices: 1 }) as const;

function group(more: Partial<GroupSummary> = {}, view: Partial<GroupView> = {}): GroupSummary {
  return {
    ...{ id: "g", kind: "group", unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } },
    group: {
      ...{ name: "Tea", description: "", role: "member", write: "all", join: "approval", settling: false },
      people: [person("0x01", "lin"), person("0x02", "wei"), person("0x03", "微风")],
      ...{ pinned: [], invited: [], requests: [] },
      ...view,
    },
    ...more,
  };
}

let detach = () => {};
beforeEach(() => {
  useSession.setState({ session: { status: "joined", client: fakeClient({}), identity } });
});
afterEach(() => {
  detach();
  cleanup();
});

describe("the latest message of a group in one line", () => {
  const line = (body: Message["body"], more: Partial<Message> = {}) =>
    show(<Preview summary={group({ last: textMessage("m", 1, { body, ...more }) })} />).container.textContent;

  test.each<[Message["body"], Partial<Message>, string]>([
    [{ type: "text", text: "**Seven**, then" }, {}, "wei: Seven, then"],
    [{ type: "text", text: "Seven" }, { outgoing: true, from: "0x01" }, "You: Seven"],
    [{ type: "voice", seconds: 7, waveform: [], mime: "audio/webm" }, {}, "wei: Voice message, 0:07"],
    [{ type: "deleted", by: "0x02" }, {}, "Message deleted"],
    [{ type: "notice", notice: { kind: "added", by: "0x02", people: ["0x03"] } }, {}, "wei added 微风"],
  ])("%j", (body, more, expected) => expect(line(body, more)).toBe(expected));
});

describe("a group", () => {
  test("says who is typing, and how many", () => {
    const { container } = show(<TypingText summary={group()} people={["0x02"]} />);
    expect(container.textContent).toBe("wei is typing");
    cleanup();
    expect(show(<TypingText summary={group()} people={["0x02", "0x03"]} />).container.textContent).toBe(
      "2 people are typing",
    );
  });

  test("says how many have read", () => {
    const message = textMessage("m", 1, {
      outgoing: true,
      delivery: "read",
      receipts: { delivered: 5, read: 3, of: 5 },
    });
    show(<Delivery message={message} />);
    expect(screen.getByRole("img", { name: "Read by 3 of 5" }).textContent).toBe("3/5");
  });

  test("says why nothing can be written", () => {
    expect(silenceOf(group())).toBeUndefined();
    expect(silenceOf(group({}, { write: "admins" }))).toBe("admins");
    expect(silenceOf(group({}, { write: "admins", role: "admin" }))).toBeUndefined();
    const { role: _, ...out } = group({}, { left: "removed" }).group;
    expect(silenceOf({ ...group(), group: out })).toBe("removed");
  });

  test("leaves the timer to its admins", () => {
    expect(maySetTimer(group())).toBe(false);
    expect(maySetTimer(group({}, { role: "owner" }))).toBe(true);
  });
});

describe("the list", () => {
  test("everybody who types is shown until they write or stop", async () => {
    const summary = vi.fn(async () => group());
    const client = fakeClient({ conversation: { summary }, conversations: { list: async () => [group()] } });
    detach = attachChats(client);
    await settle();
    const until = Date.now() + 60_000;
    client.emit("typing", { conversationId: "g", from: "0x02", until });
    client.emit("typing", { conversationId: "g", from: "0x03", until });
    expect(useChats.getState().typing).toEqual({ g: ["0x02", "0x03"] });
    client.emit("message", textMessage("m", 1, { conversationId: "g" }));
    expect(useChats.getState().typing).toEqual({ g: ["0x03"] });
  });

  test("is read again when a message has gone", async () => {
    const summary = vi.fn(async () => group({ unread: 2 }));
    const client = fakeClient({ conversation: { summary } });
    detach = attachChats(client);
    client.emit("removed", { conversationId: "g", id: "m" });
    await settle();
    expect(useChats.getState().conversations.g?.unread).toBe(2);
  });

  test("what is muted does not ask for attention", () => {
    const muted = group({ id: "m", unread: 5, flags: { mutedUntil: Number.MAX_SAFE_INTEGER } });
    const over = group({ id: "o", unread: 1, flags: { mutedUntil: 1 }, last: textMessage("m", 9) });
    expect(unreadTotal({ m: muted, o: over })).toBe(1);
    expect(inOrder({ m: muted, o: over }).map(({ id }) => id)).toEqual(["o", "m"]);
  });
});
