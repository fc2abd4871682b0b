// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { type ConversationModel, openConversation } from "../features/conversation/model.ts";
import { useSession } from "../features/session/model.ts";
import type { Conversation, GroupActions, GroupSummary, Message, PairSummary } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;
const common = { unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } } as const;
const pair: PairSummary = {
  ...{ id: "c", kind: "pair", ...common },
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
};
const member = { role: "member", devices: 1 } as const;
const group: GroupSummary = {
  ...{ id: "c", kind: "group", ...common },
  group: {
    ...{ name: "Tea", description: "", role: "admin", write: "all", join: "closed", settling: false },
    ...{ pinned: [], invited: [], requests: [] },
    people: [
      { publicId: "0x01", pseudonym: "lin", ...member },
      { publicId: "0x02", pseudonym: "wei", ...member },
    ],
  },
};

beforeEach(() => {
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.scrollIntoView = () => {};
});
afterEach(cleanup);

let model: ConversationModel;
async function row(message: Message, summary: PairSummary | GroupSummary = pair, more: Partial<Conversation> = {}) {
  const client = fakeClient({ conversation: { messages: async () => [], markRead: async () => {}, ...more } });
  useSession.setState({ session: { status: "joined", client, identity } });
  model = openConversation(client, "c", 0);
  await settle();
  show(
    <MessageRow
      row={{ kind: "message", key: message.id, message, first: true, last: true }}
      model={model}
      summary={summary}
    />,
  );
}

async function choose(name: string) {
  fireEvent.click(screen.getByRole("button", { name: en.messageMenu.more }));
  const menu = await screen.findByRole("menu");
  await act(async () => void fireEvent.click(within(menu).getByText(name)));
}

describe("a message in its room", () => {
  test("that an admin shared says so, and has no sound", async () => {
    const voice: Message["body"] = { type: "voice", seconds: 7, waveform: [], mime: "audio/webm" };
    await row(textMessage("m", 1, { body: voice, sharedBy: "0x01" }), group);
    expect(screen.getByText("Shared by lin")).toBeTruthy();
    expect(screen.getByText("Voice message, 0:07. The sound was not shared.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: en.messageMenu.more }));
    expect(within(await screen.findByRole("menu")).queryByText(en.messageMenu.forward)).toBeNull();
  });

  test("an answer begins in the composer, with the words", async () => {
    await row(textMessage("m", 1));
    await choose(en.messageMenu.reply);
    expect(model.composer.getState().mode).toEqual({ kind: "reply", to: { id: "m", from: "0x02", preview: "m" } });
  });

  test("stars, and asks before it deletes", async () => {
    const star = vi.fn(async () => {});
    await row(textMessage("m", 1, { outgoing: true, from: "0x01" }), pair, { star });
    await choose(en.messageMenu.star);
    expect(star).toHaveBeenCalledExactlyOnceWith("m", true);
    await choose(en.messageMenu["delete-for-everyone"]);
    expect(model.store.getState().asking).toEqual({ kind: "delete", id: "m", forEveryone: true });
  });

  test("what the conversation refuses is said", async () => {
    const star = () => Promise.reject(Object.assign(new Error(), { code: "MESSAGE_UNKNOWN" }));
    await row(textMessage("m", 1), pair, { star });
    await choose(en.messageMenu.star);
    await settle();
    expect(model.store.getState().error).toBe("MESSAGE_UNKNOWN");
  });

  test("an admin pins and deletes in a group; the sender has a name there", async () => {
    const pin = vi.fn(async () => {});
    await row(textMessage("m", 1), group, { group: { pin } as Partial<GroupActions> as GroupActions });
    expect(screen.getByText("wei")).toBeTruthy();
    await choose(en.messageMenu.pin);
    expect(pin).toHaveBeenCalledExactlyOnceWith("m", true);
    await choose(en.messageMenu["delete-for-everyone"]);
    expect(model.store.getState().asking).toMatchObject({ forEveryone: true });
  });

  test("reactions, a quote, and that it was changed and passed on stand with the words", async () => {
    const react = vi.fn(async () => {});
    const more: Partial<Message> = {
      reactions: [{ emoji: "👍", people: ["0x01"] }],
      replyTo: { id: "q", from: "0x01", preview: "before", state: "known" },
      edited: 5,
      forwarded: true,
      starred: true,
    };
    await row(textMessage("m", 1, more), pair, { react });
    for (const words of ["before", "Forwarded", "edited"]) expect(screen.getByText(words)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "👍, only you" }));
    await act(async () => void fireEvent.click(await screen.findByRole("button", { name: en.reactions.takeBack })));
    expect(react).toHaveBeenCalledExactlyOnceWith("m", null);
  });

  test("a deleted message and a voice have their places", async () => {
    await row(textMessage("m", 1, { body: { type: "deleted", by: "0x02" } }));
    expect(screen.getByText(en.marks.deleted)).toBeTruthy();
    cleanup();
    const body = { type: "voice", seconds: 5, waveform: [1, 2], mime: "audio/webm" } as const;
    await row(textMessage("m", 1, { body: { ...body, waveform: [1, 2] } }));
    expect(screen.getByRole("figure", { name: "Voice message from wei, 0:05" })).toBeTruthy();
  });

  test("a mention is marked in a group", async () => {
    const message = textMessage("m", 1, { body: { type: "text", text: "hi @lin" }, mentions: ["0x01"] });
    await row(message, group);
    expect(screen.getByText("@lin")).toBeTruthy();
  });
});
