import { expect, test, vi } from "vitest";
import { type Addressee, createOutbox, type OutboxProgress } from "../../src/conversation/outbox.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { agreementKeyPair } from "../../src/crypto/keys.ts";
import { maxSealedBody } from "../../src/crypto/seal.ts";
import type { DepositOptions, RelayPool } from "../../src/relay/types.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";

const [to, other] = [7, 8].map((n) => ({
  publicId: toHex(new Uint8Array(32).fill(n)),
  agreementKey: toHex(agreementKeyPair(new Uint8Array(32).fill(n)).public),
})) as [Addressee, Addressee];
const relays = [1, 2, 3];

interface Deposit {
  to: string;
  payload: Uint8Array;
  asked: number[];
  stores(relayId: number): Promise<void>;
}

/** Relays that store when the test says so. */
async function world() {
  const vault = await openVault(createMemoryStore());
  let at = 1_000_000;
  const deposits: Deposit[] = [];
  const progress: OutboxProgress[] = [];
  const open = () => {
    const deposit = (to: string, payload: Uint8Array, options: DepositOptions) =>
      new Promise<{ stored: number; of: number }>((resolve) => {
        const has = new Set(options.storedAt ?? []);
        const result = () => ({ stored: has.size, of: relays.length });
        if (has.size > 0) resolve(result());
        deposits.push({
          ...{ to, payload },
          asked: relays.filter((id) => !has.has(id)),
          async stores(relayId) {
            has.add(relayId);
            options.onReceipt?.({ relayId } as never, has.size, relays.length);
            resolve(result());
            await new Promise((later) => setTimeout(later, 5));
          },
        });
      });
    return createOutbox({
      vault,
      pool: { deposit } as unknown as RelayPool,
      now: () => at,
      onProgress: (_, change) => progress.push(change),
      onFailure: () => undefined,
    });
  };
  return {
    open,
    deposits,
    progress,
    passes: (ms: number) => {
      at += ms;
    },
    /** The next deposit, which may have to be sealed first. */
    deposit: (n: number): Promise<Deposit> =>
      vi.waitFor(() => {
        const found = deposits[n];
        if (!found) throw new Error("no deposit yet");
        return found;
      }),
    kept: async () => (await vault.range("envelopes")).length + (await vault.range("envelopes stored")).length,
    async send(outbox: ReturnType<typeof open>, people = [to], onStored?: () => void) {
      const message = { conversationId: "c", id: "m" };
      const prepared = await outbox.prepare({ to: people, body: new Uint8Array(4), expiresAt: at + 60_000, message });
      await vault.write([prepared.op]);
      outbox.send(prepared, onStored);
    },
  };
}

test("a payload stays until every relay has it, also over a restart, and goes only where it is missing", async () => {
  const { open, deposits, deposit, progress, kept, send } = await world();
  const first = open();
  await send(first);
  await deposits[0]?.stores(2);
  expect(progress.at(-1)).toEqual({ stored: 1, of: 3 });
  expect(await kept()).toBeGreaterThan(0);
  await first.close();

  const second = open();
  await second.resume();
  expect((await deposit(1)).asked).toEqual([1, 3]);
  expect(deposits[1]?.payload).toEqual(deposits[0]?.payload);
  await deposits[1]?.stores(1);
  expect(await kept()).toBeGreaterThan(0);
  await deposits[1]?.stores(3);
  expect(progress.at(-1)).toEqual({ stored: 3, of: 3 });
  expect(await kept()).toBe(0);
  expect(second.size()).toBe(0);
  await second.close();
});

test("what one relay never took is forgotten when its time is over, and has not failed", async () => {
  const { open, deposits, progress, kept, send, passes } = await world();
  const outbox = open();
  await send(outbox);
  await deposits[0]?.stores(1);
  passes(61_000);
  outbox.wake();
  await new Promise((later) => setTimeout(later, 5));
  expect(await kept()).toBe(0);
  expect(progress).not.toContainEqual({ failed: "MESSAGE_EXPIRED" });
  await outbox.close();
});

test("what is for many is kept once, and after a restart goes only to those who have not got it", async () => {
  const { open, deposits, deposit, progress, kept, send } = await world();
  const first = open();
  const stored = vi.fn();
  await send(first, [to, other], stored);
  expect(await kept()).toBe(1);
  expect(deposits.map((one) => one.to)).toEqual([to.publicId, other.publicId]);
  expect(deposits[0]?.payload).not.toEqual(deposits[1]?.payload);
  for (const relay of relays) await deposits[0]?.stores(relay);
  expect(stored).toHaveBeenCalledTimes(1);
  await deposits[1]?.stores(1);
  expect(progress).toEqual(relays.map((stored) => ({ stored, of: 3 })));
  expect([first.size(), first.size(to.publicId), first.size(other.publicId)]).toEqual([1, 0, 1]);
  await first.close();

  const second = open();
  await second.resume();
  expect(second.size()).toBe(1);
  expect(await deposit(2)).toMatchObject({ to: other.publicId, asked: [2, 3], payload: deposits[1]?.payload });
  for (const relay of [2, 3]) await deposits[2]?.stores(relay);
  expect(await kept()).toBe(0);
  expect(deposits.length).toBe(3);
  await second.close();
});

test("what is for nobody is not kept, and what is too long is refused before it is", async () => {
  const { open, kept, send } = await world();
  const outbox = open();
  await send(outbox, []);
  expect([await kept(), outbox.size()]).toEqual([0, 0]);
  const long = outbox.prepare({ to: [to], body: new Uint8Array(maxSealedBody + 1), expiresAt: 2_000_000 });
  await expect(long).rejects.toMatchObject({ code: "MESSAGE_TOO_LONG" });
  await outbox.close();
});
