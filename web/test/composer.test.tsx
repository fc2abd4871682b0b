// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Composer } from "../features/conversation/composer.tsx";
import { keepDraft } from "../features/conversation/drafts.ts";
import { type ConversationModel, openConversation } from "../features/conversation/model.ts";
import { startReply } from "../features/message/composer-mode.ts";
import { useSession } from "../features/session/model.ts";
import { PageError } from "../lib/errors.ts";
import type { Conversation, Message, PairSummary } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { fakeClient, textMessage } from "./fake-client.ts";
import { memoryVault } from "./memory-vault.ts";
import { show } from "./show.tsx";

vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

const summary: PairSummary = {
  id: "c",
  kind: "pair",
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
  unread: 0,
  certificate: { state: "waiting", since: 0 },
  flags: {},
  timer: 0,
};
const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;

function write(
  sendText: (text: string) => Promise<Message>,
  more: Partial<PairSummary> = {},
  rest: Partial<Conversation> = {},
) {
  const client = fakeClient({ conversation: { messages: async () => [], sendText, typing: () => {}, ...rest } });
  useSession.setState({ session: { status: "joined", client, identity } });
  model = openConversation(client, "c", 0);
  show(<Composer model={model} summary={{ ...summary, ...more }} onTimer={() => {}} />);
  return screen.getByLabelText<HTMLTextAreaElement>("Message");
}

let model: ConversationModel;
const type = (field: HTMLTextAreaElement, value: string) => fireEvent.change(field, { target: { value } });
const settled = () => act(async () => void (await Promise.resolve()));

beforeEach(() => {
  window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as never;
});
afterEach(() => {
  cleanup();
  keepDraft("c", { text: "" }, memoryVault());
});

describe("the composer", () => {
  test("Enter sends and empties the field; Shift + Enter does not", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1, { outgoing: true }));
    const field = write(sendText);
    type(field, "hello ");
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    expect(sendText).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    expect(sendText).toHaveBeenCalledExactlyOnceWith("hello", {});
    expect(field.value).toBe("");
  });

  test("Enter that chooses a Chinese word does not send", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1));
    const field = write(sendText);
    type(field, "ni hao");
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
    await settled();
    expect(sendText).not.toHaveBeenCalled();
    expect(field.value).toBe("ni hao");
  });

  test("nothing is sent of blanks: the button speaks instead", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1));
    const field = write(sendText);
    type(field, "  \n ");
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    expect(sendText).not.toHaveBeenCalled();
    expect(screen.queryByRole("button", { name: "Send" })).toBeNull();
    expect(screen.getByRole("button", { name: en.voice.record })).toBeTruthy();
  });

  test("what cannot be sent comes back, with a sentence", async () => {
    const field = write(() => Promise.reject(new PageError("MESSAGE_TOO_LONG")));
    type(field, "far too long");
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    await settled();
    expect(field.value).toBe("far too long");
    expect(screen.getByRole("alert").textContent).toBe(en.errors.MESSAGE_TOO_LONG);
  });

  test("a draft is there again when the conversation is opened again", async () => {
    type(
      write(async (text) => textMessage(text, 1)),
      "half a thou",
    );
    cleanup();
    const again = write(async (text) => textMessage(text, 1));
    await settled();
    await settled();
    expect(again.value).toBe("half a thou");
  });

  test("an emoji goes where the caret is, and the picker stays for the next one", async () => {
    const field = write(async (text) => textMessage(text, 1));
    type(field, "well done");
    field.setSelectionRange(4, 4);
    fireEvent.click(screen.getByRole("button", { name: "Emoji" }));
    // The picker is loaded first.
    fireEvent.click(await screen.findByRole("option", { name: "grinning face" }, { timeout: 20_000 }));
    expect(field.value).toBe("well😀 done");
    expect(screen.getByRole("option", { name: "grinning face" })).toBeTruthy();
  });

  const said = textMessage("said", 1, { outgoing: true, at: Date.now(), body: { type: "text", text: "Helo" } });

  test("an answer names what it answers; Escape makes it a message of its own", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1, { outgoing: true }));
    const field = write(sendText);
    const reply = () =>
      act(() => model.composer.setState((now) => startReply(now, { id: "q", from: "0x02", preview: "When?" }), true));
    reply();
    expect(screen.getByRole("region", { name: /^Reply to/ })).toBeTruthy();
    type(field, "At seven");
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    expect(sendText).toHaveBeenLastCalledWith("At seven", { replyTo: "q" });
    reply();
    type(field, "Never mind");
    fireEvent.keyDown(field, { key: "Escape" });
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    expect(sendText).toHaveBeenLastCalledWith("Never mind", {});
  });

  test("Arrow up in an empty field changes the last own words, and brings the draft back when it fails", async () => {
    const edit = vi.fn(async () => Promise.reject(new PageError("EDIT_TOO_LATE")));
    const messages = async () => [said];
    const field = write(async () => said, {}, { edit, messages });
    await settled();
    await settled();
    fireEvent.keyDown(field, { key: "ArrowUp" });
    expect(field.value).toBe("Helo");
    type(field, "Hello");
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    await settled();
    expect(edit).toHaveBeenCalledExactlyOnceWith("said", "Hello", {});
    expect(screen.getByRole("alert").textContent).toBe(en.errors.EDIT_TOO_LATE);
    expect(field.value).toBe("Hello");
  });

  test("while messages disappear, how soon stands above", () => {
    write(async () => said, { timer: 3_600 });
    expect(screen.getByText("1 hour")).toBeTruthy();
  });
});
