import { expect, test, vi } from "vitest";
import type { CallClock } from "../../src/call/types.ts";
import { createLines, type FarDevice, type LinesInput } from "../../src/direct/createLines.ts";
import { IDLE_MS, MAX_LINES, OPEN_MS, TRY_EVERY_MS } from "../../src/direct/limits.ts";
import type { createLine, Line, LineInput } from "../../src/direct/line.ts";
import type { DirectSignal } from "../../src/direct/signal.ts";
import type { Hex, PublicId } from "../../src/types/primitives.ts";

/** The rules, with lines of memory; test/e2e/direct.spec.ts has real ones between browsers. */

const hex = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

function createClock() {
  let at = 1_000_000;
  const due = new Set<{ at: number; run: () => void }>();
  const clock: CallClock = {
    now: () => at,
    after(ms, run) {
      const entry = { at: at + ms, run };
      due.add(entry);
      return () => due.delete(entry);
    },
  };
  return {
    clock,
    pass(ms: number) {
      at += ms;
      for (const entry of [...due]) if (entry.at <= at && due.delete(entry)) entry.run();
    },
  };
}

interface FakeLine extends Line {
  input: LineInput;
  up: boolean;
  answers: boolean;
  sent: Uint8Array[];
}

interface Side {
  far: FarDevice;
  lines: ReturnType<typeof createLines>;
  made: FakeLine[];
  taken: Uint8Array[];
  said: DirectSignal[];
  allowed: boolean;
}

function createSide(n: number, clock: CallClock, tell: (signal: DirectSignal) => void = () => undefined): Side {
  const made: FakeLine[] = [];
  const makeLine = ((input: LineInput) => {
    const line: FakeLine = {
      ...{ input, up: false, answers: true, sent: [] as Uint8Array[] },
      offer: async () => ({ sdp: "v=0 offer", candidates: [] }),
      answer: async () => ({ sdp: "v=0 answer", candidates: [] }),
      take: async () => undefined,
      usable: () => line.up,
      async send(payload) {
        line.sent.push(payload);
        return line.answers;
      },
      close() {
        if (line.up) line.up = false;
      },
    };
    made.push(line);
    return line;
  }) as typeof createLine;
  const side: Side = {
    ...{ made, taken: [], said: [], allowed: true },
    far: { publicId: hex(1000 + n) as PublicId, device: hex(n) },
    lines: undefined as unknown as Side["lines"],
  };
  const input: LinesInput = {
    own: hex(n),
    rtc: { RTCPeerConnection: class {} as unknown as typeof RTCPeerConnection },
    clock,
    allowed: () => side.allowed,
    devicesOf: (publicId) => [hex(Number(BigInt(publicId)) - 1000)],
    servers: async () => [],
    async signal(_, signal) {
      side.said.push(signal);
      tell(signal);
    },
    take: async (payload) => void side.taken.push(payload),
    makeLine,
  };
  side.lines = createLines(input);
  return side;
}

/** Two devices that hear each other's signals at once. */
function createPair() {
  const { clock, pass } = createClock();
  const [small, large]: [Side, Side] = [
    createSide(1, clock, (signal) => large.lines.receive(small.far, signal)),
    createSide(2, clock, (signal) => small.lines.receive(large.far, signal)),
  ];
  const open = async () => {
    await vi.waitFor(() => expect([small.made.length, large.made.length]).toEqual([1, 1]));
    for (const { made } of [small, large]) {
      const line = made[0] as FakeLine;
      line.up = true;
      line.input.onOpen();
    }
  };
  return { small, large, pass, open };
}

const payload = Uint8Array.of(1, 2, 3);

test.each(["small", "large"] as const)(
  "whoever is heard, the device with the smaller key offers (%s hears)",
  async (who) => {
    const pair = createPair();
    const [hearer, speaker] = who === "small" ? [pair.small, pair.large] : [pair.large, pair.small];
    hearer.lines.heard(speaker.far);
    await pair.open();
    expect(pair.small.said.map(({ type }) => type)).toEqual(["offer"]);
    expect(pair.large.said.map(({ type }) => type)).toEqual(who === "small" ? ["answer"] : ["hello", "answer"]);
    expect(await pair.small.lines.deliver(pair.large.far.publicId, payload)).toBe(true);
    expect(pair.small.made[0]?.sent).toEqual([payload]);
  },
);

test("a payload counts as delivered only when every device of the person has it", async () => {
  const pair = createPair();
  expect(await pair.small.lines.deliver(pair.large.far.publicId, payload)).toBe(false);
  pair.small.lines.heard(pair.large.far);
  await pair.open();
  (pair.small.made[0] as FakeLine).answers = false;
  expect(await pair.small.lines.deliver(pair.large.far.publicId, payload)).toBe(false);
});

test("somebody who does not answer is tried again only after a while, and the attempt ends", async () => {
  const { clock, pass } = createClock();
  const alone = createSide(1, clock);
  const other = { publicId: hex(1002) as PublicId, device: hex(2) };
  for (let i = 0; i < 5; i++) alone.lines.heard(other);
  await vi.waitFor(() => expect(alone.said).toHaveLength(1));
  pass(OPEN_MS);
  expect(alone.lines.open()).toEqual([]);
  alone.lines.heard(other);
  pass(TRY_EVERY_MS);
  alone.lines.heard(other);
  await vi.waitFor(() => expect(alone.said).toHaveLength(2));
});

test("a line that nobody uses is closed, one that is used stays", async () => {
  const pair = createPair();
  pair.small.lines.heard(pair.large.far);
  await pair.open();
  pair.pass(IDLE_MS - 1);
  await pair.small.lines.deliver(pair.large.far.publicId, payload);
  pair.pass(IDLE_MS - 1);
  expect(pair.small.lines.open()).toEqual([pair.large.far]);
  expect(pair.large.lines.open()).toEqual([]);
  pair.pass(1);
  expect(pair.small.lines.open()).toEqual([]);
});

test("whoever hides their address neither offers nor answers, nor takes what comes", async () => {
  const pair = createPair();
  pair.large.allowed = false;
  pair.large.lines.heard(pair.small.far);
  pair.small.lines.heard(pair.large.far);
  await vi.waitFor(() => expect(pair.small.said).toHaveLength(1));
  expect(pair.large.made).toEqual([]);
  expect(pair.large.said).toEqual([]);
  pair.large.allowed = true;
  pair.pass(TRY_EVERY_MS);
  pair.large.lines.heard(pair.small.far);
  await vi.waitFor(() => expect(pair.large.made).toHaveLength(1));
  pair.large.allowed = false;
  await expect(pair.large.made[0]?.input.receive(payload)).rejects.toThrow();
  expect(pair.large.taken).toEqual([]);
});

test("signals for another device, malformed ones, and offers out of turn are dropped", async () => {
  const { clock } = createClock();
  const small = createSide(1, clock);
  const far = { publicId: hex(1002) as PublicId, device: hex(2) };
  const offer = { type: "offer", line: "0".repeat(32), sdp: "v=0", candidates: [] };
  for (const signal of [
    { ...offer, to: hex(1) },
    { ...offer, to: hex(7), type: "answer" },
    { type: "hello", to: hex(7) },
    { type: "hello", to: hex(1), more: true },
    { ...offer, to: hex(1), sdp: "v=0".repeat(10_000) },
    "hello",
    null,
  ])
    small.lines.receive(far, signal);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(small.made).toEqual([]);
  expect(small.said).toEqual([]);
});

test("lines are bounded: the one that was idle longest makes room", async () => {
  const { clock, pass } = createClock();
  const small = createSide(1, clock);
  for (let n = 2; n < MAX_LINES + 3; n++) {
    small.lines.heard({ publicId: hex(1000 + n) as PublicId, device: hex(n) });
    await vi.waitFor(() => expect(small.made).toHaveLength(n - 1));
    const line = small.made[n - 2] as FakeLine;
    line.up = true;
    line.input.onOpen();
    pass(10);
  }
  const open = small.lines.open().map(({ device }) => device);
  expect(open).toHaveLength(MAX_LINES);
  expect(open).not.toContain(hex(2));
});
