import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findTurnServer, startTurn, type Turn } from "../../../../scripts/start/turn.ts";
import { openStage, type Pair, type Stage } from "./harness.ts";

/** Relayed mode: media through a real coturn, and no address of one's own anywhere. */

let stage: Stage;
let pair: Pair | undefined;
let turn: Turn | undefined;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "skrumble-turn-"));
  stage = await openStage();
}, 60_000);
afterAll(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await pair?.close();
  await turn?.stop();
  pair = undefined;
  turn = undefined;
});

/** Short-lived credentials as relays make them (coturn's use-auth-secret). */
function servers(t: Turn): RTCIceServer[] {
  const username = `${Math.floor(Date.now() / 1000) + 600}:test`;
  const credential = createHmac("sha1", readFileSync(t.secretFile, "utf8")).update(username).digest("base64");
  return [{ urls: t.urls, username, credential }];
}

test("relayed mode without TURN servers is refused with a typed error, on both sides", {
  timeout: 60_000,
}, async () => {
  pair = await stage.pair({ alice: { relayedOnly: true } });
  expect(await pair.alice.run((page) => page.start(true))).toBe("error CALL_RELAYED_UNAVAILABLE");
  await pair.close();
  pair = await stage.pair({ bob: { relayedOnly: true } });
  await pair.alice.run((page) => page.start(false));
  await pair.bob.until("ringing", (s) => s.state === "ringing-in");
  const refused = await pair.bob.run((page) =>
    page.current?.accept().then(
      () => "accepted",
      (error) => error.code,
    ),
  );
  expect(refused).toBe("CALL_RELAYED_UNAVAILABLE");
  expect((await pair.bob.probe()).state).toBe("ringing-in");
});

if (findTurnServer()) {
  describe("with coturn", { timeout: 120_000 }, () => {
    async function connectRelayed(): Promise<{ p: Pair; t: Turn }> {
      const t = await startTurn(folder, 34_780);
      if (!t) throw new Error("coturn is installed but does not start");
      turn = t;
      const options = { relayedOnly: true, turn: servers(t) };
      const p = await stage.pair({ alice: options, bob: options });
      pair = p;
      await p.alice.run((page) => page.start(true));
      await p.bob.until("ringing", (s) => s.state === "ringing-in");
      await p.bob.run((page) => page.current?.accept());
      for (const side of [p.alice, p.bob]) await side.until("media", (s) => s.video > 3 && s.audio > 0);
      return { p, t };
    }

    test("media flows through the relay alone and signals carry no other address", async () => {
      const { p } = await connectRelayed();
      for (const side of [p.alice, p.bob]) {
        const seen = await side.probe();
        expect(seen.pair).toBe("relay relay");
        expect(new Set(seen.localCandidates)).toEqual(new Set(["relay"]));
        expect(seen.snapshot?.relayedOnly).toBe(true);
        const lines = await side.run((page) =>
          page.sent.flatMap((s) => (s.type === "candidates" ? s.list.map((c) => c.candidate) : [])),
        );
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line).toMatch(/ typ relay raddr 0\.0\.0\.0 rport \d+/);
        const described = await side.run((page) => JSON.stringify(page.sent.filter((s) => "sdp" in s)));
        expect(described).not.toContain("a=candidate");
      }
    });

    test("when the path dies the call reconnects over a new one by ICE restart", async () => {
      const { p, t } = await connectRelayed();
      await t.stop();
      await p.alice.until("the loss", (s) => s.state === "reconnecting", 30_000);
      const again = await startTurn(folder, t.port);
      if (!again) throw new Error("coturn did not start again");
      turn = again;
      const fresh = JSON.stringify(servers(again));
      for (const side of [p.alice, p.bob]) {
        await side.tab.evaluate((text) => {
          window.page.options.turn = JSON.parse(text);
        }, fresh);
      }
      const [a, b] = [await p.alice.probe(), await p.bob.probe()];
      await p.alice.until("the call again", (s) => s.state === "connected" && s.video > a.video + 5, 40_000);
      await p.bob.until("the call again", (s) => s.state === "connected" && s.video > b.video + 5, 40_000);
    });
  });
}
