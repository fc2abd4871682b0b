import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDecryptor, createEncryptor } from "../../src/call/frames/cipher.ts";
import { OVERHEAD_BYTES } from "../../src/call/frames/layout.ts";
import { createReplayWindow } from "../../src/call/frames/replay.ts";

const secret = new Uint8Array(32).fill(7);
const kind = fc.constantFrom("audio" as const, "video" as const);

describe("frame encryption", () => {
  test("every frame comes back whole, and only its clear head is readable on the way", async () => {
    await fc.assert(
      fc.asyncProperty(kind, fc.boolean(), fc.uint8Array({ maxLength: 3_000 }), async (k, keyFrame, frame) => {
        const sealed = await createEncryptor(secret, k).seal(frame, keyFrame);
        expect(sealed?.length).toBe(frame.length + OVERHEAD_BYTES);
        const clear = k === "audio" ? 1 : keyFrame ? 10 : 3;
        expect(sealed?.slice(0, Math.min(clear, frame.length))).toEqual(frame.slice(0, clear));
        const opened = await createDecryptor(secret, k).open(sealed ?? new Uint8Array(), keyFrame);
        expect(opened instanceof Uint8Array && [...opened]).toEqual([...frame]);
      }),
    );
  });

  test("a frame with any byte changed does not open", async () => {
    const sealed = (await createEncryptor(secret, "video").seal(new Uint8Array(40).fill(9), true)) ?? new Uint8Array();
    const decryptor = createDecryptor(secret, "video");
    for (let i = 0; i < sealed.length; i++) {
      const bad = sealed.slice();
      bad[i] = (bad[i] ?? 0) ^ 1;
      expect(await decryptor.open(bad, true), `byte ${i}`).toBeUndefined();
    }
    expect(await decryptor.open(sealed, true)).toEqual(new Uint8Array(40).fill(9));
  });

  test("each frame opens once; another secret, kind or sender opens nothing", async () => {
    const encryptor = createEncryptor(secret, "audio");
    const frame = Uint8Array.of(1, 2, 3, 4);
    const sealed = (await encryptor.seal(frame, false)) ?? new Uint8Array();
    const decryptor = createDecryptor(secret, "audio");
    expect(await decryptor.open(sealed, false)).toEqual(frame);
    expect(await decryptor.open(sealed, false)).toBe("again");
    expect(await createDecryptor(secret, "video").open(sealed, false)).toBeUndefined();
    expect(await createDecryptor(new Uint8Array(32), "audio").open(sealed, false)).toBeUndefined();
  });

  test("equal frames never look alike", async () => {
    const encryptor = createEncryptor(secret, "video");
    const seen = new Set<string>();
    for (let i = 0; i < 50; i++) seen.add(String(await encryptor.seal(new Uint8Array(20), false)));
    expect(seen.size).toBe(50);
  });

  test("a new generation is taken over, and one that is long gone is not", async () => {
    const frame = new Uint8Array(30).fill(1);
    const decryptor = createDecryptor(secret, "video");
    for (const generation of [0, 1, 2]) {
      const sealed = await createEncryptor(secret, "video", generation).seal(frame, false);
      expect(await decryptor.open(sealed ?? new Uint8Array(), false)).toEqual(frame);
    }
    const old = await createEncryptor(secret, "video", 0).seal(Uint8Array.of(...frame, 2), false);
    expect(await decryptor.open(old ?? new Uint8Array(), false)).toBeUndefined();
  });

  test("arbitrary bytes never throw", async () => {
    const decryptor = createDecryptor(secret, "video");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, keyFrame) => {
        expect(await decryptor.open(bytes, keyFrame)).toBeUndefined();
      }),
    );
  });
});

describe("replay window (RFC 3711, 3.3.2)", () => {
  test("agrees with a list of everything seen, as long as counters are recent", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { maxLength: 200 }), (counters) => {
        const window = createReplayWindow();
        const seen = new Set<number>();
        let newest = -1;
        for (const counter of counters) {
          const expected = !seen.has(counter) && (counter > newest || newest - counter < 1024);
          expect(window.take(counter)).toBe(expected);
          if (expected) seen.add(counter);
          newest = Math.max(newest, expected ? counter : newest);
        }
      }),
    );
  });
});
