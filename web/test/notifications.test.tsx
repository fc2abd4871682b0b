// @vitest-environment happy-dom
import { act, cleanup, fireEvent, renderHook, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useChats } from "../features/chats/model.ts";
import { type Circumstances, noticeOfMessage, noticeOfPerson } from "../features/notifications/decide.ts";
import { NoticeOffer } from "../features/notifications/notice-offer.tsx";
import { NotificationRows } from "../features/notifications/notification-rows.tsx";
import { closeNotices, showNotice } from "../features/notifications/show.ts";
import { useNotices } from "../features/notifications/use-notices.ts";
import { useNoticeWords } from "../features/notifications/words.ts";
import { useSession } from "../features/session/model.ts";
import { startPreferences, usePreferences } from "../lib/preferences.ts";
import type { GroupSummary, Identity, Message, PairSummary } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { isNoticeClick, openNotice, safePath } from "../sw/notification-click.ts";
import { fakeClient, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const now = 1_000_000;
const common = { unread: 1, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } } as const;
const pair: PairSummary = {
  ...{ id: "c0", kind: "pair", ...common },
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
};
const group = { ...pair, kind: "group", group: { name: "Tea", people: [] } } as unknown as GroupSummary;
const nameOf = () => "wei";
const said = (more: Partial<Message> = {}) =>
  textMessage("m", now, { body: { type: "text", text: "**Come** at\n> six" }, ...more });
const away: Circumstances = { content: "text", attentive: false, now, me: "0x01" };
const decide = (message: Message, summary: PairSummary | GroupSummary | undefined = pair, more = {}) =>
  noticeOfMessage(message, summary, nameOf, { ...away, ...more });

describe("whether a message is worth a notice", () => {
  test("one from somebody else, just now, while nobody looks", () => {
    expect(decide(said())).toEqual({
      ...{ kind: "message", tag: "c0", path: "/chats/#c=c0", name: "wei", text: "Come at six" },
    });
  });

  const asset = { chainId: 1, token: "0x05" } as const;
  test.each<[Message["body"], string | undefined]>([
    [{ type: "payment", asset, amount: 5n, to: "0x01", state: "final", note: "tea" }, "payment"],
    [{ type: "payment", asset, amount: 5n, to: "0x01", state: "sent" }, undefined],
    [{ type: "payment", asset, amount: 5n, to: "0x03", state: "final" }, undefined],
    [{ type: "request", asset, amount: 5n, from: ["0x03", "0x01"], paid: [], state: "open" }, "moneyRequest"],
    [{ type: "request", asset, amount: 5n, from: ["0x03"], paid: [], state: "open" }, undefined],
    [{ type: "packet", packetId: 1, asset, shares: 2, lucky: true, expiresAt: 9, message: "tea" }, "packet"],
  ])("of money only what concerns the person, and no amounts: %o", (body, kind) => {
    const notice = decide(said({ body }));
    expect(notice?.kind).toBe(kind);
    expect(notice?.text).toBeUndefined();
  });

  test.each<[string, Partial<Message>, Partial<Circumstances>, Partial<PairSummary>]>([
    ["one's own", { outgoing: true }, {}, {}],
    ["one that was read", { delivery: "read" }, {}, {}],
    ["one that was taken back", { body: { type: "deleted", by: "0x02" } }, {}, {}],
    ["one that was changed", { edited: now }, {}, {}],
    ["one that an admin shared", { sharedBy: "0x03" }, {}, {}],
    ["one that came while the device was away", { at: now - 61_000 }, {}, {}],
    ["one that is being looked at", {}, { attentive: true }, {}],
    ["one of a muted conversation", {}, {}, { flags: { mutedUntil: now + 1 } }],
    ["one of an archived conversation", {}, {}, { flags: { archived: true } }],
  ])("not %s", (_, message, circumstances, summary) => {
    expect(decide(said(message), { ...pair, ...summary }, circumstances)).toBeUndefined();
  });

  test("not one of a conversation that is not known", () => {
    expect(noticeOfMessage(said(), undefined, nameOf, away)).toBeUndefined();
  });

  test("again once a conversation is no longer muted", () => {
    expect(decide(said(), { ...pair, flags: { mutedUntil: now - 1 } })).toBeDefined();
  });
});

describe("what may stand in it", () => {
  test("as much as the person allows", () => {
    expect(decide(said(), pair, { content: "name" })).not.toHaveProperty("text");
    expect(decide(said(), group, { content: "name" })).toMatchObject({ name: "wei", group: "Tea" });
    const nothing = decide(said(), group, { content: "nothing" });
    expect(nothing).toEqual({ kind: "message", tag: "c0", path: "/chats/#c=c0" });
    expect(noticeOfPerson("call", "1", "wei", { content: "nothing", attentive: false })).not.toHaveProperty("name");
    expect(noticeOfPerson("call", "1", "wei", { content: "name", attentive: true })).toBeUndefined();
  });

  test("no words that are to disappear, and no more than fits", () => {
    expect(decide(said(), { ...pair, timer: 30 })).not.toHaveProperty("text");
    expect(decide(said({ body: { type: "text", text: "x".repeat(5_000) } }))?.text).toHaveLength(140);
  });

  test.each([
    ["en", en],
    ["zh-CN", zh],
  ] as const)("in the words of %s", (locale, messages) => {
    const { result } = renderHook(() => useNoticeWords(), {
      wrapper: ({ children }) => (
        <NextIntlClientProvider locale={locale} messages={messages} timeZone="UTC">
          {children}
        </NextIntlClientProvider>
      ),
    });
    const words = result.current;
    const base = { tag: "c0", path: "/chats/" };
    const t = messages.notifications;
    expect(words({ ...base, kind: "message", name: "wei", text: "hi" })).toEqual({ title: "wei", body: "hi" });
    expect(words({ ...base, kind: "voice", name: "wei" })).toEqual({ title: "wei", body: t.voice });
    const inGroup = words({ ...base, kind: "message", name: "wei", group: "Tea", text: "hi" });
    expect(inGroup).toEqual({ title: "Tea", body: locale === "en" ? "wei: hi" : "wei：hi" });
    expect(words({ ...base, kind: "message" })).toEqual({ title: "Skrumble", body: t.something });
    expect(words({ ...base, kind: "call" })).toEqual({ title: "Skrumble", body: t.someCall });
    expect(words({ ...base, kind: "request", name: "wei" })).toEqual({ title: "wei", body: t.request });
  });
});

describe("showing", () => {
  const notice = { title: "wei", body: "hi", tag: "c0", path: "/chats/#c=c0" };
  const shown: { title: string; options: NotificationOptions; close: () => void }[] = [];
  class FakeNotification {
    static permission = "granted";
    onclick?: () => void;
    constructor(title: string, options: NotificationOptions) {
      shown.push({ title, options, close: this.close });
    }
    close = vi.fn();
  }
  const worker = { active: {}, showNotification: vi.fn(), getNotifications: vi.fn(async () => [{ close }]) };
  const close = vi.fn();
  const withWorker = (registration: unknown) =>
    vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => registration } });
  beforeEach(() => {
    shown.length = 0;
    vi.clearAllMocks();
    FakeNotification.permission = "granted";
    vi.stubGlobal("Notification", FakeNotification);
  });

  test("goes through the service worker where one is running, one per conversation", async () => {
    withWorker(worker);
    await showNotice(notice, vi.fn());
    expect(shown).toEqual([]);
    expect(worker.showNotification).toHaveBeenCalledExactlyOnceWith(
      "wei",
      expect.objectContaining({ body: "hi", tag: "c0", data: { path: "/chats/#c=c0" }, renotify: true }),
    );
    await closeNotices("c0");
    expect(worker.getNotifications).toHaveBeenCalledWith({ tag: "c0" });
    expect(close).toHaveBeenCalledOnce();
  });

  test.each([undefined, { active: null }])("else through the page", async (registration) => {
    withWorker(registration);
    await showNotice(notice, vi.fn());
    expect(shown).toMatchObject([{ title: "wei", options: { tag: "c0" } }]);
    await closeNotices();
    expect(shown[0]?.close).toHaveBeenCalledOnce();
  });

  test("nothing without permission", async () => {
    FakeNotification.permission = "denied";
    withWorker(worker);
    await showNotice(notice, vi.fn());
    expect(worker.showNotification).not.toHaveBeenCalled();
  });
});

describe("a click on a notice", () => {
  const page = (answers: boolean) => ({
    focus: vi.fn(async () => {}),
    postMessage: vi.fn((_: unknown, [port]: Transferable[]) => {
      if (answers) (port as MessagePort).postMessage("here");
    }),
  });

  test("brings the tab that leads to the front", async () => {
    const [other, leader] = [page(false), page(true)];
    const open = vi.fn();
    await openNotice("/chats/#c=c0", { all: async () => [other, leader], open });
    expect(leader.focus).toHaveBeenCalledOnce();
    expect(other.focus).not.toHaveBeenCalled();
    expect(leader.postMessage.mock.calls[0]?.[0]).toEqual({ type: "notice-click", path: "/chats/#c=c0" });
    expect(open).not.toHaveBeenCalled();
  });

  test("any tab where none leads, a new one where there is none", async () => {
    const locked = page(false);
    const open = vi.fn();
    await openNotice("/chats/", { all: async () => [locked], open });
    expect(locked.focus).toHaveBeenCalledOnce();
    await openNotice("/chats/#c=c0", { all: async () => [], open });
    expect(open).toHaveBeenCalledExactlyOnceWith("/chats/#c=c0");
  });

  test("is answered by the tab that leads alone", () => {
    const worker = new EventTarget();
    vi.stubGlobal("navigator", { serviceWorker: worker });
    const goTo = vi.fn();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <NextIntlClientProvider locale="en" messages={en} timeZone="UTC">
        {children}
      </NextIntlClientProvider>
    );
    const client = fakeClient({});
    renderHook(() => useNotices(client, goTo), { wrapper });
    const answer = vi.fn();
    const click = () =>
      worker.dispatchEvent(
        Object.assign(new Event("message"), {
          data: { type: "notice-click", path: "/chats/#c=c0" },
          ports: [{ postMessage: answer }],
        }),
      );
    const joined = { status: "joined", client, identity: {} as Identity } as const;
    useSession.setState({ session: { ...joined, follows: true } });
    click();
    expect(answer).not.toHaveBeenCalled();
    expect(goTo).not.toHaveBeenCalled();
    useSession.setState({ session: joined });
    click();
    expect(answer).toHaveBeenCalledExactlyOnceWith("here");
    expect(goTo).toHaveBeenCalledExactlyOnceWith("/chats/#c=c0");
  });

  test("leads nowhere but into the app", () => {
    for (const path of ["https://evil.example/", "//evil.example", "/chats/#p=1", "/chats/#c=zz", 7, undefined]) {
      expect(safePath({ path })).toBe("/chats/");
      expect(isNoticeClick({ type: "notice-click", path })).toBe(false);
    }
    expect(isNoticeClick({ type: "notice-click", path: "/chats/#c=0a" })).toBe(true);
    expect(isNoticeClick(null)).toBe(false);
    expect(safePath(null)).toBe("/chats/");
  });
});

describe("asking", () => {
  const request = vi.fn<() => Promise<string>>();
  const browser = (permission: string | undefined) => {
    if (permission === undefined) {
      vi.stubGlobal("Notification", undefined);
      Reflect.deleteProperty(globalThis, "Notification");
      return;
    }
    const fake = { permission, requestPermission: () => request().then((answer) => (fake.permission = answer)) };
    vi.stubGlobal("Notification", fake);
  };
  const written = () =>
    useChats.setState({ conversations: { c0: { ...pair, last: said({ outgoing: true }) } }, loaded: true });
  beforeEach(() => {
    request.mockReset();
    localStorage.clear();
    useChats.setState({ conversations: {} });
    usePreferences.setState({ notifications: false, noticeContent: "name", noticesOffered: false });
  });

  test("offers itself once somebody was written to, and asks the browser only then", async () => {
    browser("default");
    show(<NoticeOffer />);
    expect(screen.queryByRole("region")).toBeNull();
    act(written);
    expect(request).not.toHaveBeenCalled();
    request.mockResolvedValue("granted");
    await act(async () => fireEvent.click(screen.getByRole("button", { name: en.notifications.offerYes })));
    expect(usePreferences.getState()).toMatchObject({ notifications: true, noticesOffered: true });
    expect(screen.queryByRole("region")).toBeNull();
  });

  test("takes no for an answer", async () => {
    browser("default");
    written();
    show(<NoticeOffer />);
    fireEvent.click(screen.getByRole("button", { name: en.notifications.offerNo }));
    expect(screen.queryByRole("region")).toBeNull();
    expect(request).not.toHaveBeenCalled();
    startPreferences();
    expect(usePreferences.getState().noticesOffered).toBe(true);
  });

  test("the settings say what is the matter where the browser refuses or has none", async () => {
    browser("denied");
    usePreferences.setState({ notifications: true });
    show(<NotificationRows />);
    expect(screen.getByText(en.notifications.denied)).toBeTruthy();
    expect(screen.getByRole("switch").getAttribute("aria-checked")).toBe("false");
    cleanup();
    browser(undefined);
    show(<NotificationRows />);
    expect(screen.getByText(en.notifications.unsupported)).toBeTruthy();
    expect((screen.getByRole("switch") as HTMLButtonElement).disabled).toBe(true);
  });

  test("what they show is chosen where they are on", async () => {
    browser("granted");
    show(<NotificationRows />);
    expect(screen.queryByText(en.notifications.contentLabel)).toBeNull();
    await act(async () => fireEvent.click(screen.getByRole("switch")));
    fireEvent.click(screen.getByRole("radio", { name: en.notifications.content.nothing }));
    expect(usePreferences.getState()).toMatchObject({ notifications: true, noticeContent: "nothing" });
  });

  test("a kept word that nobody knows shows nothing", () => {
    localStorage.setItem("skrumble.preferences", JSON.stringify({ noticeContent: "everything" }));
    startPreferences();
    expect(usePreferences.getState().noticeContent).toBe("nothing");
  });
});
