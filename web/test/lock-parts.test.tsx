// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useCalls } from "../features/calls/model.ts";
import { watchIdle } from "../features/lock/idle.ts";
import { readLockLabel, writeLockLabel } from "../features/lock/label.ts";
import { LockRow } from "../features/lock/lock-row.tsx";
import LockScreen from "../features/lock/lock-screen.tsx";
import { Gate } from "../features/session/gate.tsx";
import { useSession } from "../features/session/model.ts";
import { usePreferences } from "../lib/preferences.ts";
import type { CallSnapshot, Client, Identity } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { show } from "./show.tsx";

const wait = { until: 0 };
vi.mock("../lib/store-lock.ts", () => ({
  storeLock: { read: async () => ({ locked: true, failures: 0, until: wait.until }) },
}));

const identity = { pseudonym: "lin", publicId: `0x${"0a".repeat(32)}`, wallet: "0x", keyVersion: 1, deviceKey: "0x" };

beforeEach(() => {
  localStorage.clear();
  wait.until = 0;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("the lock screen", () => {
  const unlock = vi.fn<(code: string) => Promise<void>>();
  const field = () => screen.getByLabelText(en.lock.code) as HTMLInputElement;
  const type = async (code: string) => {
    fireEvent.change(field(), { target: { value: code } });
    await act(async () => fireEvent.submit(field()));
  };
  beforeEach(() => {
    unlock.mockReset();
    useSession.setState({ unlock });
  });

  test("shows nobody by default, and the person when they want it", async () => {
    await act(async () => show(<LockScreen />));
    expect(screen.getByRole("heading", { name: en.lock.title })).toBeTruthy();
    cleanup();
    writeLockLabel(identity as never);
    await act(async () => show(<LockScreen />));
    expect(screen.getByRole("heading", { name: "lin" })).toBeTruthy();
  });

  test("a wrong code is told and cleared away; any other error keeps what was typed", async () => {
    await act(async () => show(<LockScreen />));
    unlock.mockRejectedValueOnce(Object.assign(new Error(), { code: "LOCK_CODE_WRONG" }));
    await type("wrong");
    expect(screen.getByText(en.errors.LOCK_CODE_WRONG)).toBeTruthy();
    expect(field().value).toBe("");
    expect(field().getAttribute("aria-invalid")).toBe("true");
    unlock.mockRejectedValueOnce(Object.assign(new Error(), { code: "ARGON2_FAILED" }));
    await type("right");
    expect(field().value).toBe("right");
  });

  test("counts a pause down, and tries nothing meanwhile", async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    wait.until = 1_065_000;
    await act(async () => show(<LockScreen />));
    const button = screen.getByRole("button", { name: "Next try in 1:05" }) as HTMLButtonElement;
    await type("right");
    expect(button.disabled).toBe(true);
    expect(unlock).not.toHaveBeenCalled();
    await act(async () => vi.advanceTimersByTime(65_000));
    await type("right");
    expect(unlock).toHaveBeenCalledWith("right");
  });
});

describe("who is on the lock", () => {
  test("is read back, and nothing else is", () => {
    writeLockLabel(identity as never);
    expect(readLockLabel()).toEqual({ pseudonym: "lin", publicId: identity.publicId });
    writeLockLabel(undefined);
    expect(readLockLabel()).toBeUndefined();
    for (const text of ["{", "null", '{"pseudonym":1}', '{"pseudonym":"lin","publicId":"0x01"}']) {
      localStorage.setItem("skrumble.lockLabel", text);
      expect(readLockLabel()).toBeUndefined();
    }
  });
});

describe("idle", () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
  const watch = (busy = () => false) => {
    const onIdle = vi.fn();
    return { onIdle, stop: watchIdle({ minutes: 1, busy, onIdle }) };
  };

  test("locks once after the time without a touch", () => {
    const { onIdle } = watch();
    vi.advanceTimersByTime(50_000);
    fireEvent.keyDown(document.body);
    vi.advanceTimersByTime(55_000);
    expect(onIdle).not.toHaveBeenCalled();
    vi.advanceTimersByTime(300_000);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  test("a call keeps it open, and the time begins when it ends", () => {
    let calling = true;
    const { onIdle } = watch(() => calling);
    vi.advanceTimersByTime(600_000);
    calling = false;
    vi.advanceTimersByTime(50_000);
    expect(onIdle).not.toHaveBeenCalled();
    vi.advanceTimersByTime(20_000);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  test("the touch that wakes a device which slept too long opens nothing", () => {
    const { onIdle } = watch();
    vi.setSystemTime(1_000_000 + 3_600_000);
    fireEvent.pointerDown(document.body);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  test("can be stopped", () => {
    const { onIdle, stop } = watch();
    stop();
    vi.advanceTimersByTime(600_000);
    expect(onIdle).not.toHaveBeenCalled();
  });
});

describe("a page of somebody who has joined", () => {
  const lock = vi.fn(async () => {});
  const session = { status: "joined", client: {} as Client, identity: identity as Identity } as const;
  const call = (state: CallSnapshot["state"]) => useCalls.setState({ snapshot: { state } as CallSnapshot });
  /** `Gate` is what every page has; the part that locks is loaded behind it. */
  const page = async () => {
    await act(async () => show(<Gate open={["joined"]}>the page</Gate>));
    await act(() => vi.dynamicImportSettled());
    expect(screen.getByText("the page")).toBeTruthy();
  };
  const sleep = () => act(async () => vi.advanceTimersByTime(120_000));
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    lock.mockClear();
    usePreferences.setState({ lockMinutes: 1 });
    useSession.setState({ session, locks: true, lock });
  });
  afterEach(() => useCalls.setState({ snapshot: undefined }));

  test("locks when nobody has touched it, whatever page it is", async () => {
    await page();
    await sleep();
    expect(lock).toHaveBeenCalledOnce();
  });

  test("does not during a call, but does when one that failed is still on the screen", async () => {
    call("connected");
    await page();
    await sleep();
    expect(lock).not.toHaveBeenCalled();
    call("ended");
    await sleep();
    expect(lock).toHaveBeenCalledOnce();
  });

  test("can be locked by hand after a call that failed, not during one", () => {
    call("ended");
    show(<LockRow />);
    const now = () => screen.getByRole("button", { name: en.lock.now }) as HTMLButtonElement;
    expect(now().disabled).toBe(false);
    act(() => call("connected"));
    expect(now().disabled).toBe(true);
  });
});
