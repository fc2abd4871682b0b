import { describe, expect, test } from "vitest";
import { clampTile, nearestCorner } from "../features/calls/tile-place.ts";
import { guessBits, strengthOf, suggestCode } from "../features/join/strength.ts";
import { lineOf } from "../features/shell/connection.ts";
import { fileSize } from "../lib/bytes.ts";
import { codeOf, PageError } from "../lib/errors.ts";
import { parsePlace, placeHash } from "../lib/hash.ts";
import { preferred } from "../lib/language.ts";
import { skm } from "../lib/money.ts";
import { parseNetwork } from "../lib/network.ts";
import { sharesItsOrigin } from "../lib/safe-origin.ts";
import type { RelayStatus } from "../lib/types.ts";
import { duration } from "../lib/when.ts";
import { complaints, scriptsOf } from "../scripts/bundle-size.ts";
import { avatarShape } from "../ui/avatar-shape.ts";

describe("security code", () => {
  test.each(["", "short1!", "password2024", "aaaaaaaaaaaa", "1234567890", "qwertyuiop", "woaini1314"])(
    "%j is weak",
    (code) => expect(strengthOf(code)).toBe("weak"),
  );

  test.each(["copper lantern seventy-two rivers", "T7#kq9!vLm2x", "雨后山色格外青翠欲滴"])("%j will do", (code) =>
    expect(strengthOf(code)).not.toBe("weak"),
  );

  test("suggestions are strong, sayable and different", () => {
    const codes = Array.from({ length: 50 }, () => suggestCode());
    expect(new Set(codes).size).toBe(50);
    for (const code of codes) {
      expect(code).toMatch(/^[a-z]{6}(-[a-z]{6}){3}$/);
      expect(strengthOf(code)).toBe("strong");
    }
  });

  test("more of the same hardly helps", () => {
    expect(guessBits("a".repeat(60))).toBeLessThan(guessBits("brf-quid-loan"));
  });
});

describe("addresses inside the app", () => {
  test("go there and back", () => {
    const person = { person: `0x${"ab".repeat(32)}` } as const;
    expect(parsePlace(placeHash({ conversation: "00ff" }))).toEqual({ conversation: "00ff" });
    expect(parsePlace(placeHash(person))).toEqual(person);
  });

  test.each(["", "#", "#c=", "#c=zz", "#p=0x12", "#c=00/../x", "#/add/lin~abc"])("%j is no place", (hash) =>
    expect(parsePlace(hash)).toBeUndefined(),
  );
});

describe("codes of errors", () => {
  test("are found through causes, and from wallets", () => {
    expect(codeOf(new Error("x", { cause: new PageError("NAME_TAKEN") }))).toBe("NAME_TAKEN");
    expect(codeOf(new Error("x", { cause: { code: 4001 } }))).toBe("WALLET_REFUSED");
    expect(codeOf(new DOMException("x", "AbortError"))).toBe("ABORTED");
    for (const odd of [undefined, null, "x", 7, { code: "NOT_A_CODE" }]) expect(codeOf(odd)).toBe("UNEXPECTED");
  });

  test("a ring of causes ends", () => {
    const ring: { cause?: unknown } = {};
    ring.cause = ring;
    expect(codeOf(ring)).toBe("UNEXPECTED");
  });
});

describe("the thin line", () => {
  const relay = (id: number, state: RelayStatus["state"], carriesMyMailbox = true): RelayStatus => ({
    id,
    endpoint: "https://r",
    region: "eu",
    state,
    carriesMyMailbox,
    behind: 0,
  });
  const at = (relays: RelayStatus[], chain: "online" | "stalled" = "online", settled = true) =>
    lineOf({ relays, chain, settled });

  test("is silent while everything works, and at the start", () => {
    expect(at([relay(1, "online"), relay(2, "online")])).toBeUndefined();
    expect(at([relay(1, "connecting")], "online", false)).toBeUndefined();
  });

  test("tells of no connection before all else", () => {
    expect(at([relay(1, "offline"), relay(2, "connecting")], "stalled")).toEqual({ kind: "offline" });
    expect(at([])).toEqual({ kind: "offline" });
  });

  test("tells of a chain that stands still and of missing relays", () => {
    expect(at([relay(1, "online")], "stalled")).toEqual({ kind: "stalled" });
    expect(at([relay(1, "online"), relay(2, "offline")])).toEqual({ kind: "degraded", online: 1, total: 2 });
  });

  test("tells how far a long backlog is read, and keeps quiet about a short one", () => {
    const behind = (count: number): RelayStatus => ({ ...relay(1, "online"), behind: count });
    expect(at([behind(2_400), relay(2, "offline")])).toEqual({ kind: "catching-up", left: 2_400 });
    expect(at([behind(40)])).toBeUndefined();
  });

  test("relays of other people do not matter", () => {
    expect(at([relay(1, "online"), relay(2, "offline", false)])).toBeUndefined();
  });
});

describe("avatars", () => {
  test("the same ID grows the same face, also in other letters; another ID another one", () => {
    expect(avatarShape("0xAB")).toEqual(avatarShape("0xab"));
    const faces = new Set(Array.from({ length: 200 }, (_, id) => JSON.stringify(avatarShape(`0x${id}`))));
    expect(faces.size).toBe(200);
  });

  test("stay inside their frame", () => {
    for (let id = 0; id < 200; id++) {
      const numbers =
        avatarShape(`0x${id}`)
          .outer.match(/[\d.]+/g)
          ?.map(Number) ?? [];
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(10);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(90);
    }
  });
});

describe("numbers people read", () => {
  test("SKM", () => {
    expect(skm(1_234_567_890_000_000_000_000n, "en")).toBe("1,234.56");
    expect(skm(0n, "en")).toBe("0");
    expect(skm(9_999_999_999_999_999n, "en")).toBe("0");
    for (const [missing, said] of [
      [0n, "0"],
      [1n, "0.01"],
      [10n ** 16n, "0.01"],
      [10n ** 18n + 1n, "1.01"],
    ] as const)
      expect(skm(missing, "en", "up")).toBe(said);
  });

  test("sizes and lengths", () => {
    expect(fileSize(100n * 1024n * 1024n, "en")).toBe("100 MB");
    expect(fileSize(1_610_612_736, "en")).toBe("1.5 GB");
    expect(duration(7)).toBe("0:07");
    expect(duration(3_729.9)).toBe("1:02:09");
    expect(duration(-3)).toBe("0:00");
  });
});

describe("the call tile", () => {
  const tile = { width: 200, height: 150 };
  const screen = { width: 1000, height: 800 };

  test("settles in the nearest corner", () => {
    expect(nearestCorner({ x: 700, y: 100 }, tile, screen)).toEqual({ x: 788, y: 72 });
    expect(nearestCorner({ x: 10, y: 600 }, tile, screen)).toEqual({ x: 12, y: 566 });
  });

  test("never leaves the screen, not even a tiny one", () => {
    expect(clampTile({ x: -50, y: 9_000 }, tile, screen)).toEqual({ x: 12, y: 638 });
    expect(clampTile({ x: 50, y: 50 }, tile, { width: 100, height: 100 })).toEqual({ x: 12, y: 12 });
  });
});

test("keys are refused where many sites share one origin", () => {
  expect(sharesItsOrigin({ pathname: "/ipfs/bafy/join/" })).toBe(true);
  expect(sharesItsOrigin({ pathname: "/IPNS/k51/" })).toBe(true);
  expect(sharesItsOrigin({ pathname: "/join/" })).toBe(false);
});

test("the language is the chosen one, else the browser's, else English", () => {
  expect(preferred("en", "zh-CN")).toBe("en");
  expect(preferred(null, "zh-Hant-TW")).toBe("zh-CN");
  expect(preferred("klingon", "fr")).toBe("en");
});

test.each(["", "[]", "null", '{"chainId":"7586","name":"x"}', '{"chainId":1.5,"name":"x"}', "<html>"])(
  "%j does not describe a network",
  (text) => expect(() => parseNetwork(text)).toThrow("NETWORK_INVALID"),
);

describe("bundle size", () => {
  test("counts what a page loads at first, once, and nothing for old browsers", () => {
    const html = `<script src="/_next/a.js" async></script><script src="/_next/a.js"></script><script src="/b.js?v=1"></script>
      <script src="/old.js" noModule=""></script><script>self.x=1</script>`;
    expect([...scriptsOf(html)]).toEqual(["_next/a.js", "b.js"]);
  });

  test("complains above the budget and about growth that nobody recorded", () => {
    const report = (size: number) => ({ unit: "bytes gzip" as const, budget: 260_000, pages: { "/": size } });
    expect(complaints(report(100_000), report(100_000))).toEqual([]);
    expect(complaints(report(103_000), report(100_000))).toHaveLength(1);
    expect(complaints(report(260_001), report(260_001))).toHaveLength(1);
    expect(complaints(report(1), undefined)).toHaveLength(1);
  });
});
