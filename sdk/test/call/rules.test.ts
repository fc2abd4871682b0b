import { describe, expect, test } from "vitest";
import { createCandidateOutbox } from "../../src/call/candidates.ts";
import { createOutgoing } from "../../src/call/core/create.ts";
import { judgeInvite } from "../../src/call/core/judge.ts";
import { deriveCallKeys, epochCheck } from "../../src/call/keys.ts";
import { fingerprintOf, mayAddCandidate, outgoingCandidate, withoutCandidates } from "../../src/call/sdp.ts";
import { parseSignal, parseSignalText, type SignalBody, type SignalOf } from "../../src/call/signal.ts";
import { qualityBetween, readStats } from "../../src/call/stats.ts";
import { createIceServers } from "../../src/call/turn.ts";
import { FakeClock } from "./support/fakeRtc.ts";

const PRINT = `sha-256 ${Array(32).fill("AB").join(":")}`;
const OTHER = `sha-256 ${Array(32).fill("CD").join(":")}`;
const ann = `0x${"a".repeat(64)}` as const;
const ben = `0x${"b".repeat(64)}` as const;
const line = (address: string, type = "host", rest = "") =>
  `candidate:1 1 udp 2113937151 ${address} 50000 typ ${type}${rest} generation 0`;
const wrap = (candidate: string) => ({ candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" });

function invite(change: Partial<SignalOf<"invite">> = {}): SignalOf<"invite"> {
  return {
    v: 1,
    type: "invite",
    call: "5".repeat(32),
    by: "1".repeat(16),
    n: 0,
    video: false,
    at: 1_000_000,
    sdp: `v=0\r\na=fingerprint:${PRINT}\r\n`,
    fingerprint: PRINT,
    seed: "2".repeat(64),
    check: "3".repeat(16),
    frames: 1,
    state: { muted: false, cameraOn: false },
    candidates: [],
    ...change,
  };
}

describe("session descriptions", () => {
  test("a description has one certificate or none that counts (RFC 8122)", () => {
    const one = `v=0\r\na=fingerprint:SHA-256 ${"ab:".repeat(31)}ab\r\nm=audio\r\n`;
    expect(fingerprintOf(one)).toBe(PRINT);
    expect(fingerprintOf(`${one}a=fingerprint:${PRINT}\r\n`)).toBe(PRINT);
    expect(fingerprintOf(`${one}a=fingerprint:${OTHER}\r\n`)).toBeUndefined();
    expect(fingerprintOf("v=0\r\n")).toBeUndefined();
  });

  test("candidates are taken out", () => {
    const sdp = `v=0\r\na=${line("192.0.2.1")}\r\na=mid:0\r\na=end-of-candidates\r\n`;
    expect(withoutCandidates(sdp)).toBe("v=0\r\na=mid:0\r\n");
  });

  test("in relayed mode only relay candidates leave, without one's own address", () => {
    expect(outgoingCandidate(wrap(line("192.0.2.1")), false)).toEqual(wrap(line("192.0.2.1")));
    expect(outgoingCandidate(wrap(line("192.0.2.1")), true)).toBeUndefined();
    expect(outgoingCandidate(wrap(line("192.0.2.1", "srflx")), true)).toBeUndefined();
    const tcp = "candidate:1 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active";
    expect(outgoingCandidate(wrap(tcp), false)).toBeUndefined();
    const relay = outgoingCandidate(wrap(line("198.51.100.9", "relay", " raddr 192.0.2.1 rport 4000")), true);
    expect(relay?.candidate).toContain("198.51.100.9 50000 typ relay raddr 0.0.0.0 rport 9");
    expect(relay?.candidate).not.toContain("192.0.2.1");
  });

  test("the other side cannot make this device ask a name server", () => {
    expect(mayAddCandidate(wrap(line("192.0.2.1")), false)).toBe(true);
    expect(mayAddCandidate(wrap(line("2001:db8::1")), false)).toBe(true);
    expect(mayAddCandidate(wrap(line("0a1b2c3d-1111-2222-3333-444455556666.local")), false)).toBe(true);
    expect(mayAddCandidate(wrap(line("0a1b2c3d-1111-2222-3333-444455556666.local")), true)).toBe(false);
    expect(mayAddCandidate(wrap(line("tracker.example.com")), false)).toBe(false);
    expect(mayAddCandidate(wrap("nonsense"), false)).toBe(false);
  });
});

describe("signals", () => {
  test("within bounds they pass, outside they are nothing", () => {
    expect(parseSignal(invite())).toEqual(invite());
    expect(parseSignalText(JSON.stringify(invite()))).toEqual(invite());
    const bad: unknown[] = [
      { ...invite(), extra: 1 },
      invite({ call: "xyz" }),
      invite({ sdp: `v=0${"a".repeat(24_000)}` }),
      invite({ fingerprint: "md5 AB" }),
      invite({ n: -1 }),
      { ...invite(), v: 2 },
      {
        v: 1,
        type: "candidates",
        call: "5".repeat(32),
        by: "1".repeat(16),
        n: 1,
        list: Array(25).fill(wrap(line("192.0.2.1"))),
      },
      { v: 1, type: "candidates", call: "5".repeat(32), by: "1".repeat(16), n: 1, list: [wrap("c".repeat(401))] },
    ];
    for (const signal of bad) expect(parseSignal(signal)).toBeUndefined();
    expect(parseSignalText("{")).toBeUndefined();
    expect(parseSignalText(`"${"x".repeat(50_000)}"`)).toBeUndefined();
  });
});

describe("invitations that meet another call", () => {
  const now = 1_000_000;
  const calling = (state = "ringing-out") => ({
    contact: ben,
    model: {
      ...createOutgoing({ id: "6".repeat(32), self: "9".repeat(16), video: false, now }),
      state: state as "connected",
    },
  });
  test.each([
    ["none is on", undefined, invite(), "ring"],
    ["one is on with somebody else", calling("connected"), invite(), "busy"],
    ["theirs has the smaller id", calling(), invite(), "adopt"],
    ["ours has the smaller id", calling(), invite({ call: "7".repeat(32) }), "ignore"],
    ["it is the same call again", calling(), invite({ call: "6".repeat(32) }), "ignore"],
    ["we are trying to bring theirs back", calling("reconnecting"), invite(), "replace"],
    ["it is far too old", undefined, invite({ at: now - 700_000 }), "ignore"],
  ] as const)("%s", (name, current, signal, expected) => {
    const from = name.includes("somebody else") ? ann : ben;
    expect(judgeInvite(current, signal, from, now)).toBe(expected);
  });
});

describe("keys of a call", () => {
  const facts = {
    id: "5".repeat(32),
    caller: ann,
    callee: ben,
    callerFingerprint: PRINT,
    calleeFingerprint: OTHER,
    callerSeed: "1".repeat(64),
    calleeSeed: "2".repeat(64),
    exported: new Uint8Array(32).fill(5),
  };
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

  test("stay what they are: both sides and all versions must agree", () => {
    const keys = deriveCallKeys(facts);
    expect(hex(keys.frames.caller)).toMatchInlineSnapshot(
      `"4a7035a0be69a28cba3af12222534f8c5b703d1421cdd17978fd3bb6876bde7a"`,
    );
    expect(hex(keys.frames.callee)).toMatchInlineSnapshot(
      `"e65b895fa6bf6563c0fe73c493bea9b84aa001141a92e0ffb0249160f510c50f"`,
    );
    expect(hex(keys.leaf)).toMatchInlineSnapshot(
      `"5d48bcb4159516b21bd82f7cc786e38352b916cb1e015a2493f11fe0a78d8c7be4e79b361c8ef41c86e542952e40a7d7d510ad30b9d8f14d31d443cf95ec6ab85f283d4bd7b7f9dc0b600e949f69c8dadea03174d8c6ba17c3a02af8345361f2"`,
    );
    expect(epochCheck(facts.exported, facts.id)).toMatchInlineSnapshot(`"97cfcb7df021a4f8"`);
  });

  test("change with every fact, certificates included", () => {
    const leaf = hex(deriveCallKeys(facts).leaf);
    const changes: Partial<typeof facts>[] = [
      { id: "6".repeat(32) },
      { callee: ann },
      { callerFingerprint: OTHER },
      { calleeFingerprint: PRINT },
      { callerSeed: "3".repeat(64) },
      { calleeSeed: "3".repeat(64) },
      { exported: new Uint8Array(32) },
    ];
    const leaves = changes.map((change) => hex(deriveCallKeys({ ...facts, ...change }).leaf));
    expect(new Set([leaf, ...leaves]).size).toBe(changes.length + 1);
  });
});

describe("TURN servers", () => {
  const server = { urls: "turn:relay.example:443?transport=tcp", username: "u", credential: "c" };

  test("are fetched once while fresh, and a failure is not kept", async () => {
    const clock = new FakeClock();
    let asked = 0;
    const ice = createIceServers(async () => {
      asked++;
      if (asked === 1) throw new Error("no relay");
      return [server];
    }, clock);
    expect(await ice.get(false)).toEqual([]);
    expect(await ice.get(false)).toEqual([server]);
    expect(await ice.get(true)).toEqual([server]);
    expect(asked).toBe(2);
    ice.forget();
    await ice.get(false);
    expect(asked).toBe(3);
  });

  test("a call does not wait for slow ones, relayed mode does and then says what is missing", async () => {
    const clock = new FakeClock();
    const ice = createIceServers(() => new Promise(() => {}), clock);
    const direct = ice.get(false);
    const relayed = expect(ice.get(true)).rejects.toMatchObject({ code: "CALL_RELAYED_UNAVAILABLE" });
    await clock.advance(10_000);
    expect(await direct).toEqual([]);
    await relayed;
    const stunOnly = createIceServers(async () => [{ urls: ["stun:relay.example:3478"] }], clock);
    await expect(stunOnly.get(true)).rejects.toMatchObject({ code: "CALL_RELAYED_UNAVAILABLE" });
  });
});

describe("candidates", () => {
  test("wait for the invitation and then travel in batches", async () => {
    const clock = new FakeClock();
    const sent: SignalBody[] = [];
    const outbox = createCandidateOutbox({ clock, relayedOnly: () => false, send: (body) => sent.push(body) });
    const candidate = (n: number) => wrap(line(`192.0.2.${n}`)) as unknown as RTCIceCandidate;
    for (let n = 1; n <= 30; n++) outbox.add(candidate(n));
    await clock.advance(1_000);
    expect(sent).toEqual([]);
    outbox.release();
    await clock.advance(100);
    expect(sent.map((body) => (body.type === "candidates" ? body.list.length : 0))).toEqual([24, 6]);
    outbox.add(candidate(31));
    outbox.add(null);
    expect(sent).toHaveLength(3);
    outbox.add(candidate(32));
    outbox.stop();
    await clock.advance(1_000);
    expect(sent).toHaveLength(3);
  });
});

describe("quality", () => {
  const reading = (received: number, lost: number, roundTrip: number, fractionLost = 0) =>
    readStats(
      new Map<string, unknown>([
        ["in", { type: "inbound-rtp", kind: "audio", packetsReceived: received, packetsLost: lost, audioLevel: 0.2 }],
        ["far", { type: "remote-inbound-rtp", fractionLost }],
        ["pair", { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: roundTrip }],
        ["mic", { type: "media-source", kind: "audio", audioLevel: 0.5 }],
      ]),
      0,
    );
  test("follows loss in either direction and the round trip", () => {
    const start = reading(0, 0, 0.05);
    expect(qualityBetween(start, reading(1000, 0, 0.05))).toBe("good");
    expect(qualityBetween(start, reading(950, 50, 0.05))).toBe("fair");
    expect(qualityBetween(start, reading(800, 200, 0.05))).toBe("poor");
    expect(qualityBetween(start, reading(1000, 0, 0.05, 0.2))).toBe("poor");
    expect(qualityBetween(start, reading(1000, 0, 0.5))).toBe("fair");
    expect(qualityBetween(start, reading(1000, 0, 1.5))).toBe("poor");
    expect(start).toMatchObject({ remoteLevel: 0.2, localLevel: 0.5 });
  });
});
