// @vitest-environment happy-dom
import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { onDemand } from "../lib/on-demand.ts";
import { show } from "./show.tsx";

const Room = ({ name }: { name: string }) => <p>room of {name}</p>;

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a component on demand", () => {
  it("shows what stands in for it, and itself as soon as its code is here", async () => {
    let arrive: (module: { default: typeof Room }) => void = () => undefined;
    const OnDemandRoom = onDemand(
      () => new Promise<{ default: typeof Room }>((resolve) => (arrive = resolve)),
      <p>coming</p>,
    );
    show(<OnDemandRoom name="lin" />);
    expect(screen.getByText("coming")).toBeDefined();
    await act(async () => arrive({ default: Room }));
    expect(screen.getByText("room of lin")).toBeDefined();
    expect(screen.queryByText("coming")).toBeNull();
  });

  it("is there with the first render when it was brought before", async () => {
    const load = vi.fn(async () => ({ default: Room }));
    const OnDemandRoom = onDemand(load, <p>coming</p>);
    OnDemandRoom.preload();
    await act(async () => undefined);
    show(<OnDemandRoom name="wei" />);
    expect(screen.getByText("room of wei")).toBeDefined();
    OnDemandRoom.preload();
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("asks again for code that did not come, until it is there", async () => {
    vi.useFakeTimers();
    let up = false;
    const OnDemandRoom = onDemand(async () => {
      if (!up) throw new TypeError("Failed to fetch dynamically imported module");
      return { default: Room };
    });
    OnDemandRoom.preload();
    await act(async () => undefined);
    show(<OnDemandRoom name="ana" />);
    await act(async () => vi.advanceTimersByTimeAsync(4_500));
    expect(screen.queryByText("room of ana")).toBeNull();
    up = true;
    await act(async () => vi.advanceTimersByTimeAsync(2_500));
    expect(screen.getByText("room of ana")).toBeDefined();
  });

  it("asks no more once it is taken away", async () => {
    vi.useFakeTimers();
    const load = vi.fn(async (): Promise<{ default: typeof Room }> => {
      throw new TypeError("Failed to fetch dynamically imported module");
    });
    const OnDemandRoom = onDemand(load);
    const { unmount } = show(<OnDemandRoom name="bo" />);
    await act(async () => undefined);
    unmount();
    const asked = load.mock.calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(load.mock.calls.length).toBe(asked);
  });
});
