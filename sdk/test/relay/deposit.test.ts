import { expect, test } from "vitest";
import { depositAtAll } from "../../src/relay/deposit.ts";
import { RELAY_POOL_LIMITS } from "../../src/relay/index.ts";
import type { Line } from "../../src/relay/line.ts";
import type { RelayInfo } from "../../src/relay/types.ts";

const relay: RelayInfo = { id: 1, endpoint: "http://one.example", region: "x", roles: 1, signingKey: "0x00" };
const clock = { now: () => 0, setTimeout: () => 0, clearTimeout: () => undefined };

test("a deposit whose line breaks while it waits for its turn goes over the next line, with that turn", async () => {
  const used: string[] = [];
  const lineNamed = (name: string) =>
    ({
      nextId: () => 1,
      request: () => {
        used.push(name);
        return new Promise(() => undefined);
      },
    }) as unknown as Line;
  let current = lineNamed("first");
  let turns = 0;
  const turn = Promise.withResolvers<void>();
  const stop = new AbortController();
  const deposit = depositAtAll(
    [relay],
    new Uint8Array(32),
    new Uint8Array(1024),
    { ttlSeconds: 60, signal: stop.signal },
    {
      ...{ clock, limits: RELAY_POOL_LIMITS, random: (length) => new Uint8Array(length), webSocket: WebSocket },
      latest: (one) => one,
      closing: new AbortController().signal,
      lines: {
        to: async () => current,
        turn: () => {
          turns++;
          return turn.promise;
        },
        close: () => undefined,
      },
    },
  );
  await expect.poll(() => turns).toBe(1);
  current = lineNamed("second");
  turn.resolve();
  await expect.poll(() => used).toEqual(["second"]);
  stop.abort();
  await expect(deposit).rejects.toMatchObject({ code: "ABORTED" });
  expect(turns).toBe(1);
});
