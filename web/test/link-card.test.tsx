// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Composer } from "../features/conversation/composer.tsx";
import { flushDrafts, keepDraft, readDraft } from "../features/conversation/drafts.ts";
import { openConversation } from "../features/conversation/model.ts";
import { cardFor, decodeCard, draftOf, emptyCard, encodeCard, sameCard } from "../features/link-card/draft.ts";
import { hostOf } from "../features/link-card/host.ts";
import { LinkCard } from "../features/link-card/link-card.tsx";
import { afterSend, cancelMode, emptyComposer, startEdit, startReply } from "../features/message/composer-mode.ts";
import { useSession } from "../features/session/model.ts";
import { loadLinkCheck } from "../lib/links.ts";
import type { Conversation, PairSummary } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { fakeClient, textMessage } from "./fake-client.ts";
import { memoryVault } from "./memory-vault.ts";
import { show } from "./show.tsx";

vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));
afterEach(() => {
  cleanup();
  keepDraft("c", { text: "" }, memoryVault());
});

// As in the page, where it is there long before anybody writes.
beforeAll(loadLinkCheck);

const url = "https://example.org/tea";

describe("a card", () => {
  test("needs a title and a link; blanks are cut away", () => {
    expect(cardFor(url, { title: " Tea ", description: "  " })).toEqual({ url, title: "Tea" });
    expect(cardFor(url, { title: "Tea", description: " hot " })).toEqual({ url, title: "Tea", description: "hot" });
    for (const draft of [undefined, emptyCard, { title: " ", description: "hot" }])
      expect(cardFor(url, draft)).toBeUndefined();
    expect(cardFor(undefined, { title: "Tea", description: "" })).toBeUndefined();
  });

  test("comes back for an edit with what another program put into it", () => {
    const card = { url, title: "Tea", image: "iVBORw0KGg" };
    expect(cardFor(url, draftOf(card))).toEqual(card);
    expect(draftOf(undefined)).toBeUndefined();
    expect(sameCard(draftOf(card), { title: "Tea ", description: "" })).toBe(true);
    expect(sameCard(undefined, emptyCard)).toBe(true);
    expect(sameCard(draftOf(card), { title: "Coffee", description: "" })).toBe(false);
  });

  test("stays with its words through answers and edits", () => {
    const card = { title: "Tea", description: "" };
    const writing = { ...emptyComposer, text: url, card };
    const reply = { id: "9", from: "0x02", preview: "hm" } as const;
    expect(startReply(writing, reply).card).toEqual(card);
    const editing = startEdit(writing, "7", "old", { title: "Old", description: "" });
    expect(editing.card?.title).toBe("Old");
    expect(cancelMode(editing)).toMatchObject({ text: url, card });
    expect(afterSend(editing)).toMatchObject({ text: url, card });
    expect(afterSend(writing)).toEqual(emptyComposer);
  });
});

describe("a card that is kept", () => {
  const card = { title: "Tea", description: "hot" };

  test("lies in the vault with its words, and goes with them", async () => {
    const vault = memoryVault();
    keepDraft("kept", { text: url, card }, vault);
    await flushDrafts();
    expect([...vault.entries.keys()].sort()).toEqual(["draft-card:kept", "draft:kept"]);
    expect(decodeCard(vault.entries.get("draft-card:kept") ?? new Uint8Array())).toEqual(card);
    keepDraft("kept", { text: "", card }, vault);
    await flushDrafts();
    expect(vault.entries.size).toBe(0);
  });

  test("is none when it is empty, damaged or longer than anybody can type", () => {
    expect(encodeCard(undefined)).toBeUndefined();
    expect(encodeCard(emptyCard)).toBeUndefined();
    const decode = (value: unknown) => decodeCard(new TextEncoder().encode(JSON.stringify(value)));
    expect(decode(card)).toEqual(card);
    for (const bad of [
      null,
      [],
      "x",
      { title: 1, description: "" },
      { title: "x".repeat(201), description: "" },
      { title: "x" },
    ])
      expect(decode(bad)).toBeUndefined();
    expect(decodeCard(Uint8Array.of(1, 2))).toBeUndefined();
  });
});

describe("the host of a card", () => {
  test.each([
    ["https://example.org/a?b", { shown: "example.org", lookAlike: false }],
    ["http://example.org:8080/", { shown: "example.org:8080", lookAlike: false }],
    ["https://茶.中国/", { shown: "茶.中国", lookAlike: false }],
    ["https://xn--80ak6aa92e.com/", { shown: "xn--80ak6aa92e.com", lookAlike: true }],
    ["https://google.com⁄a.attacker.com/", { shown: "google.xn--coma-2g7a.attacker.com", lookAlike: true }],
    ["https://аpple.com/", { shown: "xn--pple-43d.com", lookAlike: true }],
  ])("%s", (address, host) => expect(hostOf(address)).toEqual(host));

  test.each(["javascript:alert(1)", "https://bank.example@evil.example/", "not a link", "ftp://example.org"])(
    "%s has none",
    (address) => expect(hostOf(address)).toBeUndefined(),
  );
});

describe("a card in a bubble", () => {
  test("says whose words it is, where it leads, and leads there without telling from where", () => {
    show(<LinkCard card={{ url, title: "Tea", description: "How to make it" }} by="wei" />);
    const link = screen.getByRole("link", { name: /Tea.*How to make it.*example\.org.*wei/ });
    expect(link.getAttribute("href")).toBe(url);
    expect(link.getAttribute("rel")).toContain("noreferrer");
    expect(link.getAttribute("target")).toBe("_blank");
  });

  test("that imitates another address warns and cannot be opened", () => {
    show(<LinkCard card={{ url: "https://xn--pple-43d.com/", title: "apple.com" }} by="wei" />, "zh-CN");
    expect(screen.getByText("xn--pple-43d.com")).toBeTruthy();
    expect(screen.getByText(zh.linkCard.warning)).toBeTruthy();
    expect(screen.queryByRole("link")).toBeNull();
  });

  test("with an address that may not be opened is left out", () => {
    const { container } = show(<LinkCard card={{ url: "javascript:alert(1)", title: "Tea" }} />);
    expect(container.textContent).toBe("");
  });

  test("shows a picture as data, never from elsewhere", () => {
    const { container } = show(<LinkCard card={{ url, title: "Tea", image: "_9j_-A" }} />);
    expect(container.innerHTML).toContain("data:image/jpeg;base64,/9j/+A");
  });
});

describe("the composer", () => {
  const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;
  const summary: PairSummary = {
    ...{ id: "c", kind: "pair", unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } },
    contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
  };
  const sendText = vi.fn(async (text: string, _options: unknown) => textMessage(text, 1, { outgoing: true }));
  const edit = vi.fn(async () => {});
  const write = (rest: Partial<Conversation> = {}) => {
    const conversation = { messages: async () => [], sendText, edit, typing: () => {}, ...rest };
    const client = fakeClient({ conversation });
    useSession.setState({ session: { status: "joined", client, identity } });
    show(<Composer model={openConversation(client, "c", 0)} summary={summary} onTimer={() => {}} />);
    return screen.getByLabelText<HTMLTextAreaElement>("Message");
  };
  const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
  beforeEach(() => {
    vi.clearAllMocks();
    window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as never;
  });

  test("offers a card where a link stands, sends what was said about it, and begins anew", async () => {
    const field = write();
    type(field, "no link here");
    expect(screen.queryByRole("button", { name: /Say something about/ })).toBeNull();
    type(field, `Look: ${url}.`);
    fireEvent.click(await screen.findByRole("button", { name: "Say something about example.org" }));
    const title = screen.getByLabelText(en.linkCard.title);
    expect(document.activeElement).toBe(title);
    type(title, "Tea");
    type(screen.getByLabelText(en.linkCard.description), "How to make it");
    fireEvent.keyDown(title, { key: "Enter" });
    expect(document.activeElement).toBe(field);
    expect(sendText).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter" });
    await vi.waitFor(() =>
      expect(sendText).toHaveBeenCalledExactlyOnceWith(`Look: ${url}.`, {
        link: { url, title: "Tea", description: "How to make it" },
      }),
    );
    expect(screen.queryByLabelText(en.linkCard.title)).toBeNull();
  });

  test("keeps what was said with the words, until they are sent", async () => {
    const field = write();
    type(field, url);
    fireEvent.click(await screen.findByRole("button", { name: "Say something about example.org" }));
    type(screen.getByLabelText(en.linkCard.title), "Tea");
    cleanup();
    const again = write();
    const title = await screen.findByLabelText<HTMLInputElement>(en.linkCard.title);
    expect([again.value, title.value]).toEqual([url, "Tea"]);
    fireEvent.keyDown(again, { key: "Enter" });
    await vi.waitFor(() => expect(sendText).toHaveBeenCalledExactlyOnceWith(url, { link: { url, title: "Tea" } }));
    expect(await readDraft("c")).toEqual({ text: "", card: undefined });
  });

  test("sends none that was taken away again, or whose link is gone", async () => {
    const field = write();
    const withCard = async () => {
      type(field, url);
      fireEvent.click(await screen.findByRole("button", { name: "Say something about example.org" }));
      type(screen.getByLabelText(en.linkCard.title), "Tea");
    };
    await withCard();
    fireEvent.click(screen.getByRole("button", { name: en.linkCard.remove }));
    expect(document.activeElement).toBe(field);
    fireEvent.keyDown(field, { key: "Enter" });
    await vi.waitFor(() => expect(sendText).toHaveBeenLastCalledWith(url, {}));
    await withCard();
    type(field, "never mind");
    expect(screen.queryByLabelText(en.linkCard.title)).toBeNull();
    fireEvent.keyDown(field, { key: "Enter" });
    await vi.waitFor(() => expect(sendText).toHaveBeenLastCalledWith("never mind", {}));
  });

  test("Escape goes back to the words, and takes only an empty card along", async () => {
    const field = write();
    type(field, url);
    const offer = () => screen.findByRole("button", { name: "Say something about example.org" });
    fireEvent.click(await offer());
    fireEvent.keyDown(screen.getByLabelText(en.linkCard.title), { key: "Escape" });
    expect(document.activeElement).toBe(field);
    fireEvent.click(await offer());
    type(screen.getByLabelText(en.linkCard.title), "Tea");
    fireEvent.keyDown(screen.getByLabelText(en.linkCard.title), { key: "Escape" });
    expect(screen.getByLabelText<HTMLInputElement>(en.linkCard.title).value).toBe("Tea");
    expect(document.activeElement).toBe(field);
  });

  test("an edit keeps the card, and changes its words alone", async () => {
    const link = { url, title: "Tea" };
    const said = textMessage("said", 1, { outgoing: true, at: Date.now(), body: { type: "text", text: url }, link });
    const field = write({ messages: async () => [said] });
    await act(async () => void (await new Promise((resolve) => setTimeout(resolve))));
    fireEvent.keyDown(field, { key: "ArrowUp" });
    const title = await screen.findByLabelText<HTMLInputElement>(en.linkCard.title);
    expect(title.value).toBe("Tea");
    type(title, "Coffee");
    fireEvent.keyDown(field, { key: "Enter" });
    await vi.waitFor(() =>
      expect(edit).toHaveBeenCalledExactlyOnceWith("said", url, { link: { url, title: "Coffee" } }),
    );
  });
});
