import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallSignal } from "../../src/call/index.ts";
import { IDS, type Name, World } from "./support/world.ts";

/** Every open connection sends sound. */
function expectSound(world: World): void {
  expect(world.network.peers.size).toBe(2);
  for (const peer of world.network.peers) {
    expect(peer.transceivers.find((t) => t.receiver.track.kind === "audio")?.sender.track).toMatchObject({
      kind: "audio",
    });
  }
}

async function connected(world: World, from = "a", to = "b", name: Name = "ben"): Promise<void> {
  await world.start(from, name);
  await world.deliverAll();
  await world.call(to)?.accept();
  await world.quiet(1_000);
  expect([world.state(from), world.state(to)]).toEqual(["connected", "connected"]);
}

describe("a call", () => {
  test("rings at once, is answered and ends for both", async () => {
    const world = new World({ a: "ann", b: "ben" });
    expect(await world.start("a", "ben", true)).toBe("ok");
    expect(world.flying.map((f) => f.signal.type)).toContain("invite");
    await world.deliverAll();
    expect(world.state("b")).toBe("ringing-in");
    await world.quiet(500);
    expect(world.call("a")?.snapshot().reached).toBe(true);
    await world.call("b")?.accept();
    await world.quiet(1_000);
    expect([world.state("a"), world.state("b")]).toEqual(["connected", "connected"]);
    expect(world.call("b")?.snapshot()).toMatchObject({ video: true, cameraOn: true, direction: "in" });
    expectSound(world);
    await world.call("b")?.hangUp();
    await world.quiet(1_000);
    expect([world.end("a"), world.end("b")]).toEqual([{ reason: "hung-up" }, { reason: "hung-up" }]);
    expect(world.device("a").calls.current()).toBeUndefined();
  });

  test("both sides hand the same leaf to the chain, and a different one for every call", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await connected(world);
    await world.call("a")?.hangUp();
    await world.quiet(1_000);
    await connected(world);
    expect(world.certified).toHaveLength(4);
    expect(world.certified[0]).toBe(world.certified[1]);
    expect(world.certified[2]).toBe(world.certified[3]);
    expect(world.certified[0]).not.toBe(world.certified[2]);
    expect(world.certified[0]).toHaveLength(192);
  });

  test("is missed after 45 s on both sides", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await world.start("a", "ben");
    await world.quiet(44_000);
    expect([world.state("a"), world.state("b")]).toEqual(["ringing-out", "ringing-in"]);
    await world.quiet(2_000);
    expect([world.end("a"), world.end("b")]).toEqual([{ reason: "missed" }, { reason: "missed" }]);
  });

  test("ends as unreachable when no relay takes the invitation; with a relay it goes on", async () => {
    const world = new World({ a: "ann", b: "ben" });
    world.relays = "away";
    await world.start("a", "ben");
    await world.quiet(9_500);
    expect(world.state("a")).toBe("ringing-out");
    await world.quiet(1_000);
    expect(world.end("a")).toEqual({ reason: "failed", code: "CALL_UNREACHABLE" });
    world.relays = "up";
    await world.start("a", "ben");
    // Stored for somebody who is away: nobody says that it rings.
    world.flying.splice(0);
    await world.clock.advance(500);
    world.flying.splice(0);
    await world.clock.advance(30_000);
    expect(world.call("a")?.snapshot()).toMatchObject({ state: "ringing-out", reached: false });
  });

  test("a device that rings counts, also when no relay has said that it stored the invitation", async () => {
    const world = new World({ a: "ann", b: "ben" });
    world.relays = "without receipts";
    await world.start("a", "ben");
    await world.quiet(12_000);
    expect(world.call("a")?.snapshot()).toMatchObject({ state: "ringing-out", reached: true });
  });

  test("stops ringing within seconds when the caller's device crashed", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await world.start("a", "ben");
    await world.deliverAll();
    await world.clock.advance(17_000);
    expect(world.end("b")).toEqual({ reason: "missed" });
  });

  test("declined, cancelled and busy are told apart", async () => {
    const world = new World({ a: "ann", b: "ben", c: "cat" });
    await world.start("a", "ben");
    await world.deliverAll();
    await world.call("b")?.decline();
    await world.deliverAll();
    expect([world.end("a"), world.end("b")]).toEqual([{ reason: "declined" }, { reason: "declined" }]);
    await world.start("a", "ben");
    await world.deliverAll();
    await world.call("a")?.hangUp();
    await world.deliverAll();
    expect([world.end("a"), world.end("b")]).toEqual([{ reason: "cancelled" }, { reason: "missed" }]);
    await connected(world);
    await world.start("c", "ben");
    await world.deliverAll();
    expect(world.end("c")).toEqual({ reason: "busy" });
    expect(world.device("b").missed).toBe(1);
    expect(world.state("b")).toBe("connected");
    expect(await world.start("b", "cat")).toBe("CALL_BUSY");
  });

  test("rings on all devices; the first answer takes it and the others fall silent", async () => {
    const world = new World({ a: "ann", b1: "ben", b2: "ben" });
    await world.start("a", "ben");
    await world.deliverAll();
    expect([world.state("b1"), world.state("b2")]).toEqual(["ringing-in", "ringing-in"]);
    await Promise.all([world.call("b1")?.accept(), world.call("b2")?.accept()]);
    await world.quiet(2_000);
    const states = [world.state("b1"), world.state("b2")].sort();
    expect(states).toEqual(["connected", "ended"]);
    const loser = world.state("b1") === "ended" ? "b1" : "b2";
    expect(world.end(loser)).toEqual({ reason: "cancelled", code: "CALL_ANSWERED_ELSEWHERE" });
    expect(world.state("a")).toBe("connected");
  });

  test("calling somebody who rings here takes their call", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await world.start("a", "ben");
    await world.deliverAll();
    expect(await world.start("b", "ann")).toBe("ok");
    await world.quiet(1_000);
    expect([world.state("a"), world.state("b")]).toEqual(["connected", "connected"]);
    expect(world.call("a")?.id).toBe(world.call("b")?.id);
  });

  test("a video call needs both people's tiers; sound is always there", async () => {
    const world = new World({ a: "ann", b: "ben" });
    world.withoutVideo.add(IDS.ann);
    expect(await world.start("a", "ben", true)).toBe("VIDEO_NOT_IN_TIER");
    world.withoutVideo = new Set([IDS.ben]);
    expect(await world.start("a", "ben", true)).toBe("VIDEO_NOT_IN_THEIR_TIER");
    expect(await world.device("a").calls.videoProblem(IDS.ben)).toBe("VIDEO_NOT_IN_THEIR_TIER");
    expect(world.device("a").seen).toHaveLength(0);
    expect(await world.start("a", "ben")).toBe("ok");
    await world.call("a")?.hangUp();
    await world.quiet(500);
    // Nobody is refused on old news.
    world.bought.add(IDS.ben);
    expect(await world.start("a", "ben", true)).toBe("ok");
    expect(await world.device("a").calls.videoProblem(IDS.ben)).toBeUndefined();
  });

  test("whoever answers a video call without video in their tier, or calls so, talks with sound only", async () => {
    for (const [person, code] of [
      ["ben", "VIDEO_NOT_IN_TIER"],
      ["ann", "VIDEO_NOT_IN_THEIR_TIER"],
    ] as const) {
      const world = new World({ a: "ann", b: "ben" });
      await world.start("a", "ben", true);
      world.withoutVideo.add(IDS[person]);
      await world.deliverAll();
      await world.call("b")?.accept({ video: true });
      await world.quiet(1_000);
      expect(world.call("b")?.snapshot()).toMatchObject({ state: "connected", cameraOn: false, problems: [{ code }] });
      expect(world.call("a")?.snapshot().remote.cameraOn).toBe(false);
      expectSound(world);
      await world.call("b")?.setCamera(true);
      expect(world.call("b")?.snapshot()).toMatchObject({ cameraOn: false, problems: [{ code }] });
      world.bought.add(IDS[person]);
      await world.call("b")?.setCamera(true);
      expect(world.call("b")?.snapshot()).toMatchObject({ cameraOn: true, problems: [] });
    }
  });

  test("video that a changed client sends without the tier is not shown by the other side's client", async () => {
    for (const [person, code] of [
      ["ben", "VIDEO_NOT_IN_TIER"],
      ["ann", "VIDEO_NOT_IN_THEIR_TIER"],
    ] as const) {
      const world = new World({ a: "ann", b: "ben" });
      world.changed.add("a");
      world.withoutVideo.add(IDS[person]);
      expect(await world.start("a", "ben", true)).toBe("ok");
      await world.deliverAll();
      const call = world.call("b");
      await call?.accept({ video: false });
      // As a browser does by itself.
      call?.remoteStream?.addTrack({ kind: "video", enabled: true } as MediaStreamTrack);
      await world.quiet(1_000);
      const shown = () => call?.remoteStream?.getTracks().filter(({ kind }) => kind === "video");
      expect(call?.snapshot()).toMatchObject({ state: "connected", remote: { cameraOn: false }, problems: [{ code }] });
      expect(shown()?.map(({ enabled }) => enabled)).toEqual([false]);
      expectSound(world);
      // Turned on again in the call, with a tier that has it by now.
      await world.call("a")?.setCamera(false);
      await world.quiet(500);
      world.bought.add(IDS[person]);
      await world.call("a")?.setCamera(true);
      await world.quiet(500);
      expect(call?.snapshot()).toMatchObject({ remote: { cameraOn: true }, problems: [] });
      expect(shown()?.map(({ enabled }) => enabled)).toEqual([true]);
    }
  });

  test("two invitations that cross become one call", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await Promise.all([world.start("a", "ben"), world.start("b", "ann", true)]);
    await world.quiet(2_000);
    expect([world.state("a"), world.state("b")]).toEqual(["connected", "connected"]);
    expect(world.call("a")?.id).toBe(world.call("b")?.id);
    expect([world.device("a").seen.length, world.device("b").seen.length]).toEqual([1, 1]);
    expectSound(world);
  });

  /** Ann's and Ben's calls cross; Ben's goes on where `bens` is set. */
  async function cross(world: World, { bens, video }: { bens: boolean; video: [ann: boolean, ben: boolean] }) {
    const starts = [() => world.start("a", "ben", video[0]), () => world.start("b", "ann", video[1])];
    // The world's chance gives the second the smaller id.
    for (const start of bens ? starts : starts.reverse()) expect(await start()).toBe("ok");
    const [a, b] = [world.call("a")?.id as string, world.call("b")?.id as string];
    expect(b < a).toBe(bens);
  }

  test.each([true, false])(
    "of two calls that cross, the tiers are judged for the one that goes on (the callee's: %s)",
    async (bens) => {
      const world = new World({ a: "ann", b: "ben" });
      world.changed.add("a");
      world.withoutVideo.add(IDS.ann);
      await cross(world, { bens, video: [true, false] });
      const call = world.call("b");
      await world.deliverAll();
      call?.remoteStream?.addTrack({ kind: "video", enabled: true } as MediaStreamTrack);
      await world.quiet(2_000);
      const code = "VIDEO_NOT_IN_THEIR_TIER";
      expect(call?.snapshot()).toMatchObject({ state: "connected", remote: { cameraOn: false }, problems: [{ code }] });
      const shown = call?.remoteStream?.getTracks().filter(({ kind }) => kind === "video");
      expect(shown?.map(({ enabled }) => enabled)).toEqual([false]);
      expectSound(world);
    },
  );

  test("a camera that the dropped call was to have stays off where the tiers leave no room by now", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await cross(world, { bens: false, video: [false, true] });
    world.withoutVideo.add(IDS.ann);
    await world.quiet(2_000);
    const problems = [{ code: "VIDEO_NOT_IN_THEIR_TIER" }];
    expect(world.call("b")?.snapshot()).toMatchObject({ state: "connected", video: false, cameraOn: false, problems });
    expect(
      world
        .call("b")
        ?.localStream?.getTracks()
        .map(({ kind }) => kind),
    ).toEqual(["audio"]);
    expect(world.call("a")?.snapshot().remote.cameraOn).toBe(false);
    expectSound(world);
  });

  test("what was found for the dropped call is not held against the one that goes on", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await cross(world, { bens: false, video: [true, false] });
    world.withoutVideo.add(IDS.ann);
    await world.call("b")?.setCamera(true);
    expect(world.call("b")?.snapshot()).toMatchObject({ problems: [{ code: "VIDEO_NOT_IN_THEIR_TIER" }] });
    world.bought.add(IDS.ann);
    await world.quiet(2_000);
    expect(world.call("b")?.snapshot()).toMatchObject({ remote: { cameraOn: true }, problems: [] });
  });

  test("who is called while a look at the chain goes on takes that call, whatever the look says", async () => {
    for (const bought of [true, false]) {
      const world = new World({ a: "ann", b: "ben" });
      world.withoutVideo.add(IDS.ann);
      if (bought) world.bought.add(IDS.ann);
      const look = Promise.withResolvers<void>();
      world.looking = look.promise;
      const outcome = world.start("a", "ben", true);
      await world.start("b", "ann");
      await world.deliverAll();
      expect(world.state("a")).toBe("ringing-in");
      look.resolve();
      expect(await outcome).toBe("ok");
      await world.quiet(2_000);
      expect([world.device("a").seen.length, world.device("b").seen.length]).toEqual([1, 1]);
      expect(world.call("a")?.snapshot()).toMatchObject({
        state: "connected",
        cameraOn: bought,
        problems: bought ? [] : [{ code: "VIDEO_NOT_IN_TIER" }],
      });
    }
  });

  test("who hides their address in a call takes no call without that, whoever was first", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await world.start("b", "ann");
    await world.deliverAll();
    expect(world.state("a")).toBe("ringing-in");
    // There is no relay of calls here.
    expect(await world.start("a", "ben", false, true)).toBe("CALL_RELAYED_UNAVAILABLE");
    expect(world.state("a")).toBe("ringing-in");
    expect(await world.start("a", "ben")).toBe("ok");
  });

  test("survives a broken path and gives up in bounded time when it stays broken", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await connected(world);
    world.network.setDown(true);
    await world.quiet(3_000);
    expect([world.state("a"), world.state("b")]).toEqual(["reconnecting", "reconnecting"]);
    world.network.setDown(false);
    await world.quiet(3_000);
    expect([world.state("a"), world.state("b")]).toEqual(["connected", "connected"]);
    world.network.setDown(true);
    await world.quiet(40_000);
    expect([world.state("a"), world.state("b")]).toEqual(["reconnecting", "reconnecting"]);
    await world.quiet(10_000);
    expect(world.end("a")).toMatchObject({ reason: "failed", code: "CALL_LOST" });
  });

  test("a path that never comes up ends as failed with a code", async () => {
    const world = new World({ a: "ann", b: "ben" });
    world.network.setDown(true);
    await world.start("a", "ben");
    await world.deliverAll();
    await world.call("b")?.accept();
    await world.quiet(22_000);
    expect(world.end("a")).toMatchObject({ reason: "failed" });
    expect(world.end("b")).toMatchObject({ reason: "failed" });
  });

  test("signals that overtake the invitation are kept; a late invitation after its end does not ring", async () => {
    const world = new World({ a: "ann", b: "ben" });
    await world.start("a", "ben");
    await world.clock.advance(100);
    const [invite, ...rest] = world.flying.splice(0);
    for (const signal of rest) await world.deliver(signal);
    if (invite) await world.deliver(invite);
    await world.call("b")?.accept();
    await world.quiet(1_000);
    expect(world.state("b")).toBe("connected");
    await world.call("a")?.hangUp();
    await world.quiet(500);
    if (invite) await world.deliver(invite);
    expect(world.device("b").seen).toHaveLength(1);
    expect(world.state("b")).toBe("ended");
  });

  test("anything malformed or from a stranger is dropped", async () => {
    const world = new World({ a: "ann", b: "ben" });
    const b = world.device("b").calls;
    fc.assert(
      fc.property(fc.anything(), (signal) => {
        b.receive({ contact: `0x${"a".repeat(64)}`, own: false, signal });
        expect(b.current()).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
    await world.start("a", "ben");
    const invite = world.flying.find((f) => f.signal.type === "invite")?.signal;
    b.receive({ contact: `0x${"e".repeat(64)}`, own: false, signal: invite });
    b.receive({ contact: `0x${"a".repeat(64)}`, own: false, signal: { ...invite, sdp: `v=0${"x".repeat(30_000)}` } });
    b.receive({ contact: `0x${"a".repeat(64)}`, own: false, signal: { ...invite, at: 1 } as unknown as CallSignal });
    expect(world.device("b").seen.filter((call) => call.snapshot().state !== "ended")).toHaveLength(0);
  });
});

type Act =
  | { do: "start"; who: string; to: Name }
  | { do: "accept" | "decline" | "hang-up"; who: string }
  | { do: "deliver" | "lose" | "double"; pick: number }
  | { do: "wait"; ms: number }
  | { do: "cut"; down: boolean };

const PEOPLE: Record<string, Name> = { a: "ann", b1: "ben", b2: "ben", c: "cat" };
const who = fc.constantFrom("a", "b1", "b2", "c");
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("start" as const), who, to: fc.constantFrom("ann", "ben", "cat") }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("accept", "accept", "decline", "hang-up"), who }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("deliver" as const), pick: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("lose", "double"), pick: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(50, 900, 6_000, 20_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cut" as const), down: fc.boolean() }) },
);

async function perform(world: World, action: Act): Promise<void> {
  if ("to" in action) {
    if (PEOPLE[action.who] !== action.to) await world.start(action.who, action.to);
  } else if ("who" in action) {
    const call = world.device(action.who).calls.current();
    if (action.do === "accept") await call?.accept();
    if (action.do === "decline") await call?.decline();
    if (action.do === "hang-up") await call?.hangUp();
  } else if ("pick" in action) {
    const at = world.flying.length === 0 ? 0 : action.pick % world.flying.length;
    const [flying] = action.do === "double" ? world.flying.slice(at, at + 1) : world.flying.splice(at, 1);
    if (flying && action.do !== "lose") await world.deliver(flying);
  } else if ("ms" in action) await world.clock.advance(action.ms);
  else world.network.setDown(action.down);
}

/** Live calls by id, each with the people in it. */
function live(world: World): Map<string, Name[]> {
  const calls = new Map<string, Name[]>();
  for (const device of world.devices) {
    const current = device.calls.current();
    if (current) calls.set(current.id, [...(calls.get(current.id) ?? []), device.person]);
  }
  return calls;
}

describe("any interleaving of people, devices, losses, repetitions and broken paths", () => {
  test("comes to rest: whoever is still in a call is connected with exactly one other person", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (actions) => {
        const world = new World(PEOPLE);
        for (const action of actions) await perform(world, action);
        world.network.setDown(false);
        await world.quiet(90_000);
        for (const device of world.devices) {
          const state = device.calls.current()?.snapshot().state ?? "none";
          expect(["none", "connected"]).toContain(state);
          for (const call of device.seen) expect(["ended", "connected"]).toContain(call.snapshot().state);
        }
        for (const people of live(world).values()) expect(new Set(people).size, String(people)).toBe(2);
        for (const people of live(world).values()) expect(people).toHaveLength(2);
      }),
      { numRuns: 150 },
    );
  }, 300_000);

  test("when both only call each other and nothing is lost, they always talk", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(30), { maxLength: 40 }), fc.boolean(), async (order, bFirst) => {
        const world = new World({ a: "ann", b: "ben" });
        await world.start(bFirst ? "b" : "a", bFirst ? "ann" : "ben");
        await world.start(bFirst ? "a" : "b", bFirst ? "ben" : "ann");
        for (const pick of order) await perform(world, { do: "deliver", pick });
        await world.quiet(3_000);
        expect([world.state("a"), world.state("b")]).toEqual(["connected", "connected"]);
        expect(world.call("a")?.id).toBe(world.call("b")?.id);
        expectSound(world);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
