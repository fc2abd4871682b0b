import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Client, UnlockedKey } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";
import { memoryVault } from "./memory-vault.ts";

/** Two tabs and a lock. Node's Web Locks and BroadcastChannel join two "tabs" of one process as a browser's do. */

const identity = { pseudonym: "lin", publicId: `0x${"01".repeat(32)}` } as never;
const coded = (code: string) => Object.assign(new Error(code), { code });
/** What the store would ask for. */
let needed: string | undefined;
/** Setting the lock takes as long as a test wants it to. */
let setting = Promise.withResolvers<void>();
const opened: (UnlockedKey | undefined)[] = [];
const make = (more: Parameters<typeof fakeClient>[0]["client"] = {}) =>
  fakeClient({
    client: { identity, kept: memoryVault(), link: () => "", relays: () => [], close: async () => {}, ...more },
  });

vi.mock("../lib/client.ts", () => ({
  async connectClient(key?: UnlockedKey) {
    if (needed !== key?.lock) throw coded("STORE_LOCKED");
    opened.push(key);
    return make();
  },
}));
vi.mock("../lib/store-lock.ts", () => ({
  storeLock: {
    open: async (code: string) => ({ lock: code }),
    async set(code: string) {
      await setting.promise;
      needed = code;
      return { lock: code };
    },
  },
}));
const closeNotices = vi.hoisted(() => vi.fn(async () => {}));
vi.mock("../features/notifications/show.ts", () => ({ closeNotices }));
const [loadLinkCheck, loadAmounts] = vi.hoisted(() => [vi.fn(async () => {}), vi.fn(async () => {})]);
vi.mock("../lib/links.ts", () => ({ loadLinkCheck }));
vi.mock("../lib/amounts.ts", () => ({ loadAmounts }));
vi.stubGlobal("location", { pathname: "/chats/", reload: vi.fn(), replace: vi.fn() });

const { startSession, useSession } = await import("../features/session/model.ts");
const { leadTab } = await import("../features/session/lead-tab.ts");
const { vault } = await import("../lib/vault.ts");
const { keepDraft } = await import("../features/conversation/drafts.ts");
const { followTab } = await import("../features/session/tabs/follow.ts");
const { serveTabs } = await import("../features/session/tabs/serve.ts");
const state = () => useSession.getState();
const status = () => state().session.status;

beforeEach(() => {
  setting = Promise.withResolvers();
  opened.length = 0;
  for (const mock of [closeNotices, loadLinkCheck, loadAmounts]) mock.mockClear();
  vi.mocked(location.reload).mockClear();
});

/** Another tab takes the lead, and lets this one follow. */
async function leadElsewhere(client = make(), locks = false) {
  let stop = () => {};
  const leading = await leadTab({ steal: true, onLost: async () => stop() });
  stop = serveTabs(client, { locks, onActive() {} });
  return {
    end() {
      stop();
      leading?.release();
    },
  };
}

describe("while the lock is being set", () => {
  test("the lead is not given away before it is done, and not taken back after", async () => {
    await startSession();
    expect(status()).toBe("joined");
    const set = state().setLock("code");
    await vi.waitFor(() => expect(status()).toBe("locking"));
    const asked = Promise.withResolvers<void>();
    const channel = new BroadcastChannel("skrumble-lead");
    channel.onmessage = () => asked.resolve();
    const order: string[] = [];
    const other = leadElsewhere().finally(() => order.push("another tab leads"));
    await asked.promise;
    channel.close();
    // This one has heard it as well.
    expect(status()).toBe("locking");
    opened.length = 0;
    void set.then(() => order.push("the lock is set"));
    setting.resolve();
    await set;
    const { end } = await other;
    expect(order).toEqual(["the lock is set", "another tab leads"]);
    await vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
    expect(opened).toEqual([]);
    needed = undefined;
    end();
    await vi.waitFor(() => expect(state().session).not.toHaveProperty("follows"), 5_000);
  });
});

describe("what is shown", () => {
  const follows = () =>
    vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
  const both = [loadLinkCheck, loadAmounts];

  test("is loaded by a tab that follows, and by one that leads", async () => {
    const { end } = await leadElsewhere();
    await follows();
    for (const load of both) expect(load).toHaveBeenCalled();
    for (const load of both) load.mockClear();
    end();
    await vi.waitFor(() => expect(state().session).not.toHaveProperty("follows"), 5_000);
    await vi.waitFor(() => expect(status()).toBe("joined"));
    for (const load of both) expect(load).toHaveBeenCalled();
  });

  test("is not shown by either kind of tab when it cannot be loaded", async () => {
    loadAmounts.mockRejectedValueOnce(new Error("offline"));
    const { end } = await leadElsewhere();
    const broken = { status: "broken", code: "UNEXPECTED" };
    await vi.waitFor(() => expect(state().session).toEqual(broken), 5_000);
    opened.length = 0;
    loadAmounts.mockRejectedValueOnce(new Error("offline"));
    await state().takeOver();
    expect(state().session).toEqual(broken);
    expect(opened).toEqual([]);
    await state().retry();
    expect(status()).toBe("joined");
    end();
  });
});

describe("a tab that follows", () => {
  test("has what is kept: a wallet that was made here is known, and drafts are kept", async () => {
    const kept = memoryVault();
    kept.entries.set("wallet", Uint8Array.of(1));
    const { end } = await leadElsewhere(make({ kept }));
    await vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
    expect(await vault.get("wallet")).toEqual(Uint8Array.of(1));
    await vault.put("draft:c", Uint8Array.of(2));
    expect(kept.entries.get("draft:c")).toEqual(Uint8Array.of(2));
    end();
    await vi.waitFor(() => expect(state().session).not.toHaveProperty("follows"), 5_000);
  });

  test("has written down its drafts before it followed", async () => {
    expect(status()).toBe("joined");
    const kept = memoryVault();
    keepDraft("c", { text: "half a sentence" }, kept);
    const { end } = await leadElsewhere();
    expect(new TextDecoder().decode(kept.entries.get("draft:c"))).toBe("half a sentence");
    end();
    await vi.waitFor(() => expect(state().session).not.toHaveProperty("follows"), 5_000);
  });

  test("that locks forgets what it showed, and takes the notices away", async () => {
    needed = "code";
    const other = await leadElsewhere(make(), true);
    await vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
    await state().lock();
    expect(status()).toBe("locked");
    await vi.waitFor(() => expect(location.reload).toHaveBeenCalledOnce());
    expect(closeNotices).toHaveBeenCalledWith();
    other.end();
  });

  test("that succeeds under a lock forgets what it showed, too", async () => {
    needed = undefined;
    await state().takeOver();
    needed = "code";
    const other = await leadElsewhere(make(), true);
    await vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
    closeNotices.mockImplementationOnce(() => Promise.reject(new Error("the worker is gone")));
    other.end();
    await vi.waitFor(() => expect(location.reload).toHaveBeenCalledOnce(), 5_000);
    expect(status()).toBe("locked");
    expect(closeNotices).toHaveBeenCalledWith();
    needed = undefined;
    await state().takeOver();
  });

  test("ends no call of the tab that leads: it says that one is on", async () => {
    const close = vi.fn(async () => {});
    const client = make({ close });
    const { end } = await leadElsewhere(client);
    await vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
    const following = (state().session as { client: Client }).client;
    const follower = await followTab({ lead: () => Promise.reject(), onState: () => {}, onOver: () => {} });
    client.emit("call", { snapshot: () => ({ state: "connected" }), on: () => () => {} } as never);
    await vi.waitFor(() => expect(follower?.state().inCall).toBe(true));
    follower?.stop();
    const busy = { code: "CALL_BUSY" };
    await expect(state().lock()).rejects.toMatchObject(busy);
    await expect(state().setLock("code")).rejects.toMatchObject(busy);
    await expect(state().removeLock("code")).rejects.toMatchObject(busy);
    await expect(state().leave()).rejects.toMatchObject(busy);
    await expect(following.calls.start("0x02", { video: false })).rejects.toMatchObject(busy);
    await expect(following.devices.link({ name: "a" })).rejects.toMatchObject(busy);
    await expect(following.history.save({})).rejects.toMatchObject(busy);
    expect(state().session).toMatchObject({ status: "joined", follows: true });
    end();
    await vi.waitFor(() => expect(state().session).not.toHaveProperty("follows"), 5_000);
  });

  test("says so when it could not lead: nothing was locked, nobody signed out", async () => {
    for (const act of [() => state().setLock("code"), () => state().leave()]) {
      const { end } = await leadElsewhere();
      await vi.waitFor(() => expect(state().session).toMatchObject({ status: "joined", follows: true }), 5_000);
      needed = "a code that another tab has set";
      await expect(act()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
      needed = undefined;
      end();
      await state().takeOver();
    }
  });
});
