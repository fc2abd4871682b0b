import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Pair, type Stage } from "./harness.ts";

/** Real Chromium, real media, two separate browser contexts. */

let stage: Stage;
let pair: Pair | undefined;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(() => stage?.close());
afterEach(async () => {
  await pair?.close();
  pair = undefined;
});

async function connect(p: Pair, video = true): Promise<void> {
  await p.alice.run(video ? (page) => page.start(true) : (page) => page.start(false));
  await p.bob.until("ringing", (s) => s.state === "ringing-in");
  await p.bob.run((page) => page.current?.accept());
  await p.alice.until("connected", (s) => s.state === "connected");
  await p.bob.until("connected", (s) => s.state === "connected");
}

describe("a call between two browsers", { timeout: 90_000 }, () => {
  test("sound and picture flow both ways, encrypted frame by frame, and end with a hang-up", async () => {
    pair = await stage.pair();
    await connect(pair);
    for (const side of [pair.alice, pair.bob]) {
      const seen = await side.until("media", (s) => s.video > 5 && s.audio > 0);
      expect(seen.snapshot).toMatchObject({ protection: "frames", cameraOn: true, muted: false, problems: [] });
      expect(seen.snapshot?.remote).toEqual({ muted: false, cameraOn: true });
      const picture = await side.run((page) => page.picture());
      expect(picture.distinct).toBeGreaterThan(10);
    }
    await pair.alice.until("quality", (s) => s.snapshot?.quality !== undefined);
    await pair.bob.until("speech of the fake microphone", (s) => s.snapshot?.speaking?.remote === true);
    await pair.alice.run((page) => page.current?.hangUp());
    const far = await pair.bob.until("the end", (s) => s.state === "ended");
    expect(far.snapshot?.end).toEqual({ reason: "hung-up" });
    expect(await pair.bob.run((page) => page.states)).toEqual(["ringing-in", "connecting", "connected", "ended"]);
    const released = await pair.bob.run((page) => page.current?.localStream?.getTracks().length);
    expect(released).toBe(0);
  });

  test("nothing about the callee's network leaves before accepting", async () => {
    pair = await stage.pair();
    await pair.alice.run((page) => page.start(true));
    await pair.bob.until("ringing", (s) => s.state === "ringing-in");
    await pair.alice.until("reached", (s) => s.snapshot?.reached === true);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const state = await pair.bob.run((page) => ({
      sent: page.sent.map((signal) => signal.type),
      gathering: page.connections.map((pc) => pc.iceGatheringState),
      local: page.connections.map((pc) => pc.localDescription),
    }));
    expect(state).toEqual({ sent: ["ringing"], gathering: ["new"], local: [null] });
    expect((await pair.bob.probe()).localCandidates).toEqual([]);
    await pair.bob.run((page) => page.current?.decline());
    const far = await pair.alice.until("the end", (s) => s.state === "ended");
    expect(far.snapshot?.end).toEqual({ reason: "declined" });
  });

  test("mute and camera tell the other side, and video can come later", async () => {
    pair = await stage.pair();
    await connect(pair, false);
    await pair.bob.until("sound", (s) => s.audio > 0);
    expect((await pair.bob.probe()).video).toBe(0);
    await pair.alice.run((page) => page.current?.setMuted(true));
    await pair.bob.until("muted", (s) => s.snapshot?.remote.muted === true);
    await pair.alice.run((page) => page.current?.setCamera(true));
    await pair.bob.until("picture", (s) => s.video > 3 && s.snapshot?.remote.cameraOn === true);
    expect((await pair.bob.probe()).snapshot?.video).toBe(true);
    await pair.alice.run((page) => page.current?.setCamera(false));
    await pair.bob.until("camera off", (s) => s.snapshot?.remote.cameraOn === false);
    const before = (await pair.bob.probe()).video;
    await pair.alice.run((page) => page.current?.setCamera(true));
    await pair.bob.until("picture again", (s) => s.video > before + 3);
    await pair.alice.run((page) => page.current?.setMuted(false));
    await pair.bob.until("sound again", (s) => s.snapshot?.remote.muted === false);
  });

  test("an ICE restart brings the call back and keeps the media", async () => {
    pair = await stage.pair();
    await connect(pair);
    await pair.alice.until("media", (s) => s.video > 3);
    const ufrag = (side: "alice" | "bob") =>
      pair?.[side].run((page) => page.connections.at(-1)?.localDescription?.sdp.match(/a=ice-ufrag:(\S+)/)?.[1]);
    const old = [await ufrag("alice"), await ufrag("bob")];
    await pair.alice.run((page) => page.connections.at(-1)?.restartIce());
    for (const [index, side] of (["alice", "bob"] as const).entries()) {
      for (const end = Date.now() + 15_000; (await ufrag(side)) === old[index]; ) {
        if (Date.now() > end) throw new Error(`${side} has no new ICE credentials`);
      }
    }
    const before = [await pair.alice.probe(), await pair.bob.probe()];
    await pair.alice.until("more media", (s) => s.state === "connected" && s.video > (before[0]?.video ?? 0) + 5);
    await pair.bob.until("more media", (s) => s.state === "connected" && s.video > (before[1]?.video ?? 0) + 5);
  });

  test("without frame encryption on one side the call falls back to the connection's own", async () => {
    pair = await stage.pair({ bob: { frames: false } });
    await connect(pair);
    const seen = await pair.bob.until("media", (s) => s.video > 3 && s.audio > 0);
    expect(seen.snapshot?.protection).toBe("transport");
    expect((await pair.alice.until("media", (s) => s.video > 3)).snapshot?.protection).toBe("transport");
  });

  test("camera denied: the call goes on with sound and says why", async () => {
    pair = await stage.pair({ alice: { refuse: { video: "NotAllowedError" } } });
    await connect(pair);
    const own = await pair.alice.until("problem", (s) => (s.snapshot?.problems?.length ?? 0) > 0);
    expect(own.snapshot).toMatchObject({ cameraOn: false, muted: false, problems: [{ code: "CAMERA_DENIED" }] });
    const far = await pair.bob.until("sound", (s) => s.audio > 0 && s.snapshot?.remote.cameraOn === false);
    expect(far.video).toBe(0);
    await pair.alice.until("picture of the other side", (s) => s.video > 3);
  });

  test("neither microphone nor camera: one can still listen and watch", async () => {
    pair = await stage.pair({ bob: { refuse: { audio: "NotFoundError", video: "NotFoundError" } } });
    await connect(pair);
    const own = await pair.bob.until("media", (s) => s.video > 3 && s.audio > 0);
    expect(own.snapshot?.problems).toEqual([{ code: "MICROPHONE_MISSING" }, { code: "CAMERA_MISSING" }]);
    await pair.alice.until("told", (s) => s.snapshot?.remote.muted === true && s.snapshot.remote.cameraOn === false);
  });

  test("both call each other at once: it becomes one call with media", async () => {
    pair = await stage.pair();
    await Promise.all([pair.alice.run((page) => page.start(true)), pair.bob.run((page) => page.start(true))]);
    const a = await pair.alice.until("connected", (s) => s.state === "connected" && s.video > 3);
    const b = await pair.bob.until("connected", (s) => s.state === "connected" && s.video > 3);
    expect(a.snapshot?.id).toBe(b.snapshot?.id);
  });

  test("leaving the page hangs up; a browser that crashes is out within seconds", async () => {
    pair = await stage.pair();
    await connect(pair, false);
    await pair.bob.tab.goto("about:blank");
    const end = await pair.alice.until("the end", (s) => s.state === "ended");
    expect(end.snapshot?.end).toEqual({ reason: "hung-up" });
    await pair.close();
    pair = await stage.pair();
    await connect(pair, false);
    await pair.bob.tab.goto("chrome://crash").catch(() => {});
    await pair.alice.until("noticed", (s) => s.state === "reconnecting");
    const lost = await pair.alice.until("the end", (s) => s.state === "ended", 25_000);
    expect(lost.snapshot?.end).toEqual({ reason: "failed", code: "CALL_LOST" });
  });

  test("a changed certificate in the answer ends the call", async () => {
    pair = await stage.pair();
    pair.filter = (_from, signal) => {
      if (signal.type !== "answer") return true;
      const answer = signal as { type: string; fingerprint: string };
      void pair?.alice.tab.evaluate(
        (text) => window.receive(text),
        JSON.stringify({ ...answer, fingerprint: answer.fingerprint.replace(/ ../, " 00") }),
      );
      return false;
    };
    await pair.alice.run((page) => page.start(false));
    await pair.bob.until("ringing", (s) => s.state === "ringing-in");
    await pair.bob.run((page) => page.current?.accept());
    const end = await pair.alice.until("the end", (s) => s.state === "ended");
    expect(end.snapshot?.end).toEqual({ reason: "failed", code: "CALL_FINGERPRINT_MISMATCH" });
  });
});
