import { expect, test } from "vitest";
import { createOutbox, type OutboxProgress } from "../../src/conversation/outbox.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import type { DepositOptions, RelayPool } from "../../src/relay/types.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";

const to = toHex(new Uint8Array(32).fill(7));
const relays = [1, 2, 3];

/** Relays that store when the test says so. */
async function world() {
  const vault = await openVault(createMemoryStore());
  let at = 1_000_000;
  const deposits: { asked: number[]; stores(relayId: number): Promise<void> }[] = [];
  const progress: OutboxProgress[] = [];
  const open = () => {
    const deposit = (_: unknown, __: unknown, options: DepositOptions) =>
      new Promise<{ stored: number; of: number }>((resolve) => {
        const has = new Set(options.storedAt ?? []);
        const result = () => ({ stored: has.size, of: relays.length });
        if (has.size > 0) resolve(result());
        deposits.push({
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
    kept: async () => (await vault.range("outbox")).length + (await vault.range("outbox stored")).length,
    async send(outbox: ReturnType<typeof open>) {
      const message = { conversationId: "c", id: "m" };
      const { item, op } = outbox.prepare({ to, payload: new Uint8Array(4), expiresAt: at + 60_000, message });
      await vault.write([op]);
      outbox.send(item);
    },
  };
}

test("a payload stays until every relay has it, also over a restart, and goes only where it is missing", async () => {
  const { open, deposits, progress, kept, send } = await world();
  const first = open();
  await send(first);
  await deposits[0]?.stores(2);
  expect(progress.at(-1)).toEqual({ stored: 1, of: 3 });
  expect(await kept()).toBeGreaterThan(0);
  await first.close();

  const second = open();
  await second.resume();
  expect(deposits[1]?.asked).toEqual([1, 3]);
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
