import { afterEach, describe, expect, test, vi } from "vitest";
import { report } from "../../bench/lib/report.ts";

describe("a line of a bench", () => {
  afterEach(() => vi.restoreAllMocks());
  const printed = (o: Parameters<typeof report>[0]): unknown => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    report(o);
    return JSON.parse(String(log.mock.calls[0]?.[0]));
  };
  const common = { bench: "session", metric: "setup_ms", unit: "ms", ours: 205.128, samples: [167, 205.128, 265] };
  const line = { ...common, ours: 205.13, runs: 3, min: 167, max: 265, samples: undefined };

  test("names the peer, its value and the ratio", () => {
    expect(printed({ ...common, peer: { name: "peerjs", value: 172 } })).toEqual({
      ...line,
      peer: "peerjs",
      peerValue: 172,
      ratio: 1.19,
    });
  });

  test("leaves all three out without a peer", () => {
    expect(Object.keys(printed(common) as object)).toEqual(["bench", "metric", "unit", "ours", "runs", "min", "max"]);
  });
});
