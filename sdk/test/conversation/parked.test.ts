import { describe, expect, test } from "vitest";
import { openParked, type ParkedOptions } from "../../src/conversation/parked.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { type ErrorCode, SkrumbleError } from "../../src/errors/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { PublicId } from "../../src/types/primitives.ts";

const person = (number: number): PublicId => toHex(Uint8Array.of(...new Uint8Array(30), number >> 8, number));
const bytes = (number: number) => Uint8Array.of(number >> 8, number & 255);
const minute = 60_000;

async function world(handle: (number: number) => Promise<"done" | "later">, familiar?: ParkedOptions["familiar"]) {
  let at = 1_000_000;
  const tried: number[] = [];
  const vault = await openVault(createMemoryStore());
  const open = () =>
    openParked({
      vault,
      now: () => at,
      handle: (envelope) => {
        const number = ((envelope[0] as number) << 8) + (envelope[1] as number);
        tried.push(number);
        return handle(number);
      },
      ...(familiar ? { familiar } : {}),
    });
  const parked = await open();
  return {
    parked,
    /** What is kept, in order. */
    async kept() {
      const rows = await vault.range<{ envelope: string }>("parked");
      return rows.map(({ value }) => Buffer.from(value.envelope, "base64url").readUInt16BE());
    },
    async passes(ms: number) {
      at += ms;
      parked.wake();
      await parked.idle();
    },
    /** What was tried since the last call. */
    tried: () => tried.splice(0),
  };
}

const failing = (error: unknown) => () => Promise.reject(error);
const later = async () => "later" as const;

describe("what does not work now", () => {
  test.each<[string, unknown]>([
    ["an error of no type", new TypeError("cannot read properties of null")],
    ["an unexpected error", new SkrumbleError("UNEXPECTED")],
    ["a device that is not in the registry", new SkrumbleError("IDENTITY_CHANGED")],
    ["a person who is not in the registry", new SkrumbleError("PERSON_NOT_FOUND")],
  ])("is tried again for an hour after %s", async (_, error) => {
    const { parked, kept, passes, tried } = await world(failing(error));
    await parked.add(bytes(1), person(1));
    await parked.idle();
    expect(tried()).toEqual([1]);
    await passes(30 * minute);
    expect(tried()).toEqual([1]);
    expect(await kept()).toEqual([1]);
    await passes(31 * minute);
    expect(tried()).toEqual([1]);
    expect(await kept()).toEqual([]);
    parked.close();
  });

  test("is tried again for as long as relays keep it while the chain is out of reach", async () => {
    const { parked, kept, passes } = await world(failing(new SkrumbleError("CHAIN_UNREACHABLE")));
    await parked.add(bytes(1), person(1));
    await passes(29 * 24 * 60 * minute);
    expect(await kept()).toEqual([1]);
    await passes(2 * 24 * 60 * minute);
    expect(await kept()).toEqual([]);
    parked.close();
  });

  test.each<ErrorCode>(["ENVELOPE_INVALID", "IDENTITY_REVOKED", "MLS_FAILED"])(
    "is forgotten after %s",
    async (code) => {
      const { parked, kept } = await world(failing(new SkrumbleError(code)));
      await parked.add(bytes(1), person(1));
      await parked.idle();
      expect(await kept()).toEqual([]);
      parked.close();
    },
  );
});

describe("strangers", () => {
  const isFriend = (from: PublicId) => from === person(0);

  test("cannot push out requests and welcomes with messages of sessions that do not exist, nor the reverse", async () => {
    const { parked, kept } = await world(later);
    await parked.add(bytes(1), person(1));
    for (let i = 1000; i < 1300; i++) await parked.add(bytes(i));
    expect(await kept()).toHaveLength(257);
    expect((await kept())[0]).toBe(1);
    for (let i = 2; i < 302; i++) await parked.add(bytes(i), person(i));
    const now = await kept();
    expect(now.filter((number) => number >= 1000)).toHaveLength(256);
    expect(now.filter((number) => number < 1000)).toEqual(Array.from({ length: 256 }, (_, i) => i + 46));
    await parked.idle();
    parked.close();
  });

  test("go before people one talks to, and one of them alone pushes nobody out", async () => {
    const { parked, kept } = await world(later, isFriend);
    await parked.add(bytes(0), person(0));
    for (let i = 1; i < 300; i++) await parked.add(bytes(i), person(i));
    for (let i = 0; i < 20; i++) await parked.add(bytes(900 + i), person(900));
    const now = await kept();
    expect(now).toHaveLength(256);
    expect(now[0]).toBe(0);
    expect(now.filter((number) => number >= 900)).toEqual([912, 913, 914, 915, 916, 917, 918, 919]);
    await parked.idle();
    parked.close();
  });

  test("whose envelopes do not fit are left waiting longer and longer, all theirs together and each in turn", async () => {
    const { parked, tried, passes } = await world(failing(new SkrumbleError("IDENTITY_CHANGED")));
    for (const number of [1, 2, 3]) await parked.add(bytes(number), person(7));
    await parked.add(bytes(4), person(8));
    await parked.idle();
    expect(tried()).toEqual([1, 4]);
    await passes(999);
    expect(tried()).toEqual([]);
    await passes(1);
    expect(tried()).toEqual([2, 4]);
    await passes(1999);
    expect(tried()).toEqual([]);
    await passes(1);
    expect(tried()).toEqual([3, 4]);
    parked.close();
  });

  test("one that never fits does not hold up what came after it", async () => {
    const fits = async (number: number) => {
      if (number === 1) throw new SkrumbleError("IDENTITY_CHANGED");
      return "done" as const;
    };
    const { parked, kept, passes } = await world(fits, isFriend);
    for (const number of [1, 2]) await parked.add(bytes(number), person(7));
    await parked.idle();
    expect(await kept()).toEqual([1, 2]);
    await passes(1000);
    expect(await kept()).toEqual([1]);
    parked.close();
  });

  test("wait until people one talks to were dealt with, also those who come later", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const handle = async (number: number) => {
      if (number === 1) await gate;
      return "done" as const;
    };
    const { parked, tried } = await world(handle, isFriend);
    for (const number of [1, 2, 3]) await parked.add(bytes(number), person(number));
    await parked.add(bytes(4), person(0));
    open();
    await parked.idle();
    expect(tried()).toEqual([1, 4, 2, 3]);
    parked.close();
  });
});
