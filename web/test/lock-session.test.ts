import { beforeEach, describe, expect, test, vi } from "vitest";
import type { UnlockedKey } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";
import { memoryVault } from "./memory-vault.ts";

const identity = { pseudonym: "lin", publicId: `0x${"01".repeat(32)}` } as never;
const closed: (UnlockedKey | undefined)[] = [];
const opened: (UnlockedKey | undefined)[] = [];
/** What the store would ask for. */
let needed: string | undefined;
const coded = (code: string) => Object.assign(new Error(code), { code });

vi.mock("../lib/client.ts", () => ({
  async connectClient(key?: UnlockedKey) {
    if (needed !== key?.lock) throw coded("STORE_LOCKED");
    opened.push(key);
    return fakeClient({
      client: {
        ...{ identity, kept: memoryVault(), link: () => "", relays: () => [] },
        close: async () => void closed.push(key),
      },
    });
  },
}));
vi.mock("../lib/store-lock.ts", () => ({
  storeLock: {
    async open(code: string) {
      if (code !== needed) throw coded("LOCK_CODE_WRONG");
      return { lock: code };
    },
    async set(code: string, onProgress: (done: number) => void) {
      if (code === "full disk") throw coded("STORE_FAILED");
      onProgress(1);
      needed = code;
      return { lock: code };
    },
    async remove() {
      needed = undefined;
    },
    async erase() {
      needed = undefined;
    },
  },
}));
vi.mock("../lib/links.ts", () => ({ loadLinkCheck: async () => {} }));
vi.mock("../lib/amounts.ts", () => ({ loadAmounts: async () => {} }));
vi.stubGlobal("location", { pathname: "/chats/", reload: vi.fn(), replace: vi.fn() });

const { startSession, useSession } = await import("../features/session/model.ts");
const { leadTab } = await import("../features/session/lead-tab.ts");
const { hearLock, sayLock } = await import("../features/session/lock-channel.ts");
const state = () => useSession.getState();
const status = () => state().session.status;
const heard: string[] = [];
hearLock((word) => heard.push(word));

beforeEach(() => {
  closed.length = 0;
  opened.length = 0;
  heard.length = 0;
});

describe("a session with a lock", () => {
  test("without a lock nothing asks for a code, and there is nothing to lock", async () => {
    await startSession();
    expect(status()).toBe("joined");
    expect(state().locks).toBe(false);
    await state().lock();
    expect(status()).toBe("joined");
  });

  test("switching it on closes the client, writes the store, and opens it with the key", async () => {
    const seen: unknown[] = [];
    const stop = useSession.subscribe(({ session }) => seen.push(session.status));
    await state().setLock("code");
    stop();
    expect(seen).toEqual(["locking", "locking", "joined"]);
    expect(closed).toHaveLength(1);
    expect(opened).toEqual([{ lock: "code" }]);
    expect(state().locks).toBe(true);
  });

  test("a lock that could not be set leaves everything open as it was", async () => {
    await state().removeLock("code");
    await expect(state().setLock("full disk")).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(status()).toBe("joined");
    expect(state().locks).toBe(false);
    await state().setLock("code");
  });

  test("locking closes the client, tells the other tabs, and leaves the page", async () => {
    await state().lock();
    expect(closed).toEqual([{ lock: "code" }]);
    expect(location.reload).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(heard).toContain("locked"));
    expect(status()).not.toBe("joined");
  });

  test("a tab that finds the store locked does not lead", async () => {
    await state().takeOver();
    expect(status()).toBe("locked");
    await vi.waitFor(async () => {
      const other = await leadTab({ steal: false, onLost: async () => {} });
      expect(other).toBeDefined();
      other?.release();
    });
  });

  test("a wrong code leaves it locked, the right one opens and tells the others", async () => {
    await expect(state().unlock("wrong")).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
    expect(status()).toBe("locked");
    await state().unlock("code");
    expect(status()).toBe("joined");
    await vi.waitFor(() => expect(heard).toContain("opened"));
  });

  test("a tab that loses the lead forgets the key: it cannot come back without the code", async () => {
    const other = await leadTab({ steal: true, onLost: async () => {} });
    await vi.waitFor(() => expect(status()).toBe("elsewhere"), 5_000);
    expect(closed).toEqual([{ lock: "code" }]);
    other?.release();
    await state().takeOver();
    expect(status()).toBe("locked");
    await state().unlock("code");
  });

  test("a tab that led before forgets what it showed when another one locks", async () => {
    const other = await leadTab({ steal: true, onLost: async () => {} });
    await vi.waitFor(() => expect(status()).toBe("elsewhere"), 5_000);
    vi.mocked(location.reload).mockClear();
    sayLock("locked");
    await vi.waitFor(() => expect(status()).toBe("locked"));
    expect(location.reload).toHaveBeenCalledOnce();
    other?.release();
    await state().unlock("code");
  });

  test("switching it off asks for the code before anything is closed", async () => {
    await expect(state().removeLock("wrong")).rejects.toMatchObject({ code: "LOCK_CODE_WRONG" });
    expect(closed).toEqual([]);
    expect(status()).toBe("joined");
    await state().removeLock("code");
    expect(opened).toEqual([undefined]);
    expect(state().locks).toBe(false);
  });
});
