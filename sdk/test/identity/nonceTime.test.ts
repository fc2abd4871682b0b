import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nonceAccount } from "../support/nonceAccount.ts";
import { bytes } from "../support/poolNode.ts";

/** How long what was asked for is sent again, whatever clocks, nodes and the device do. */

const account = () => nonceAccount("besu");
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a clock that is set back keeps nothing from being sent again, and lifts neither limit", async () => {
  for (const isHalted of [false, true]) {
    const { node, pay } = account();
    await pay();
    await vi.advanceTimersByTimeAsync(10_000);
    if (isHalted) node.halt();
    node.setBack(7_200_000);
    node.forget();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([...node.pool.values()]).toEqual([bytes(0, "aa")]);
    await vi.advanceTimersByTimeAsync(isHalted ? 2_400_000 : 300_000);
    node.setBack(isHalted ? 1_800_000 : 200_000);
    await vi.advanceTimersByTimeAsync(isHalted ? 600_000 : 200_000);
    node.forget();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([...node.pool.values()]).toEqual([bytes(0, "ff")]);
  }
});

test("a device that falls asleep while it sends again sends nothing of that once it wakes up", async () => {
  const { node, pay, source } = account();
  await Promise.all(upTo(3).map(() => pay()));
  await vi.advanceTimersByTimeAsync(10_000);
  const before = node.sent.length;
  const { send } = source;
  let sleeps = 1;
  source.send = async (raw, isLate) => {
    // Between two of its nodes.
    if (sleeps-- > 0) vi.setSystemTime(Date.now() + 2 * 3_600_000);
    if (!isLate?.()) await send(raw, isLate);
  };
  node.forget();
  await vi.advanceTimersByTimeAsync(40_000);
  expect(node.sent.slice(before)).toEqual(upTo(3).map((nonce) => bytes(nonce, "ff")));
});

test("a head that was once too high, or a chain that was restored, stops the chain's time for no longer than a minute", async () => {
  for (const fault of ["too high", "restored"]) {
    const { node, pay, source } = account();
    await pay();
    await vi.advanceTimersByTimeAsync(10_000);
    const { read } = source;
    if (fault === "restored") node.restore(3_600_000);
    else
      source.read = async () => {
        source.read = read;
        return { ...(await read()), head: 1e9 };
      };
    await vi.advanceTimersByTimeAsync(400_000);
    node.forget();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([...node.pool.values()]).toEqual([bytes(0, "aa")]);
    await vi.advanceTimersByTimeAsync(140_000);
    node.forget();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([...node.pool.values()]).toEqual([bytes(0, "ff")]);
  }
});

test("a certain number that is taken after nobody looked for long has all its time", async () => {
  const { node, pay, nonces, source } = account();
  await pay();
  await vi.advanceTimersByTimeAsync(10_000);
  node.isAway = true;
  await vi.advanceTimersByTimeAsync(600_000);
  node.isAway = false;
  const other = nonces.use(source, "later", { nonce: 1 });
  await pay("bb", other);
  node.forget();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([...node.pool].toSorted()).toEqual([
    [0, bytes(0, "ff")],
    [1, bytes(1, "bb")],
  ]);
  await vi.advanceTimersByTimeAsync(480_000);
  node.forget();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(node.pool.get(1)).toBe(bytes(1, "ff"));
});
