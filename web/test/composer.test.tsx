// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Composer } from "../features/conversation/composer.tsx";
import { keepDraft } from "../features/conversation/drafts.ts";
import { openConversation } from "../features/conversation/model.ts";
import { useSession } from "../features/session/model.ts";
import { PageError } from "../lib/errors.ts";
import type { ConversationSummary, Message } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { fakeClient, textMessage } from "./fake-client.ts";
import { memoryVault } from "./memory-vault.ts";

vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

const summary: ConversationSummary = {
  id: "c",
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
  unread: 0,
  certificate: { state: "waiting", since: 0 },
};
const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;

function show(sendText: (text: string) => Promise<Message>, id = "c") {
  const client = fakeClient({ conversation: { messages: async () => [], sendText, typing: () => {} } });
  useSession.setState({ session: { status: "joined", client, identity } });
  const model = openConversation(client, id, 0);
  render(
    <NextIntlClientProvider locale="en" messages={en} timeZone="UTC">
      <Composer model={model} summary={{ ...summary, id }} />
    </NextIntlClientProvider>,
  );
  return screen.getByLabelText<HTMLTextAreaElement>("Message");
}

const type = (field: HTMLTextAreaElement, value: string) => fireEvent.change(field, { target: { value } });
const settled = () => act(async () => void (await Promise.resolve()));

beforeEach(() => {
  window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as never;
});
afterEach(() => {
  cleanup();
  keepDraft("c", "", memoryVault());
});

describe("the composer", () => {
  test("Enter sends and empties the field; Shift + Enter does not", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1, { outgoing: true }));
    const field = show(sendText);
    type(field, "hello ");
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    expect(sendText).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    expect(sendText).toHaveBeenCalledExactlyOnceWith("hello");
    expect(field.value).toBe("");
  });

  test("Enter that chooses a Chinese word does not send", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1));
    const field = show(sendText);
    type(field, "ni hao");
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
    await settled();
    expect(sendText).not.toHaveBeenCalled();
    expect(field.value).toBe("ni hao");
  });

  test("nothing is sent of blanks, and the button says so", async () => {
    const sendText = vi.fn(async (text: string) => textMessage(text, 1));
    const field = show(sendText);
    type(field, "  \n ");
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    expect(sendText).not.toHaveBeenCalled();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(true);
  });

  test("what cannot be sent comes back, with a sentence", async () => {
    const field = show(() => Promise.reject(new PageError("MESSAGE_TOO_LONG")));
    type(field, "far too long");
    fireEvent.keyDown(field, { key: "Enter" });
    await settled();
    await settled();
    expect(field.value).toBe("far too long");
    expect(screen.getByRole("alert").textContent).toBe(en.errors.MESSAGE_TOO_LONG);
  });

  test("a draft is there again when the conversation is opened again", async () => {
    type(
      show(async (text) => textMessage(text, 1)),
      "half a thou",
    );
    cleanup();
    const again = show(async (text) => textMessage(text, 1));
    await settled();
    await settled();
    expect(again.value).toBe("half a thou");
  });
});
