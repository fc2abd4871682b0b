import { zeroAddress, zeroHash } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { expect, test } from "vitest";
import { RpcError } from "../../src/chain/rpc.ts";
import type { Core } from "../../src/client/core.ts";
import { keepMade, keptMade, type MadePacket } from "../../src/packets/records.ts";
import { mostRefundTries, refundStep } from "../../src/packets/refundStep.ts";
import { createMemoryStore, openVault } from "../../src/store/index.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { type PacketFacts, packetCore } from "../support/packetChain.ts";

const key: Hex = `0x${"11".repeat(32)}`;
const creator: Address = `0x${"a1".repeat(20)}`;

async function world(takes: string[], lies: Record<string, unknown> = {}) {
  const facts: PacketFacts = {
    packet: {
      ...{ creator, token: zeroAddress, key: privateKeyToAddress(key), chainHead: zeroHash, lucky: false },
      ...{ total: 100n, left: 100n, expiresAt: 10, shares: 5, issued: 0, paid: 0 },
    },
    ...{ block: 12, owners: {}, used: false, head: 50, time: 1_900_000_000, takes },
  };
  const { core, asked } = packetCore(facts, lies);
  const vault = await openVault(createMemoryStore());
  const made: MadePacket = {
    ...{ conversationId: "c", messageId: "m", key, creator, token: zeroAddress, amount: "100", shares: 5 },
    ...{ expiresAt: 10, validBefore: 10, from: 10, packetId: 7, block: 12 },
  };
  await keepMade(vault, made);
  const whole = { ...core, vault, now: () => facts.time * 1000 } as unknown as Core;
  /** As the client does it, with what is on disk. */
  const step = async () => refundStep(whole, (await keptMade(vault, "m")) as MadePacket, 7n);
  return { facts, vault, step, sent: () => asked.filter((method) => method === "eth_sendRawTransaction").length };
}

test("what would be refused is not sent, tried ever less often, and in the end left to the person", async () => {
  const { facts, vault, step, sent } = await world([]);
  const waits: number[] = [];
  for (let tries = 1; tries <= mostRefundTries; tries++) {
    expect(await step()).toBe(tries === mostRefundTries ? "stopped" : "later");
    const { failed, next, code } = (await keptMade(vault, "m"))?.refund ?? { failed: 0, next: 0, code: undefined };
    expect([failed, code]).toEqual([tries, "PAYMENT_REFUSED"]);
    waits.push(next / 1000 - facts.time);
    // Before its time nothing is tried.
    if (tries < mostRefundTries) expect(await step()).toBe(tries === 1 ? "later" : "rarely");
    expect((await keptMade(vault, "m"))?.refund?.failed).toBe(tries);
    facts.time = next / 1000;
  }
  expect(waits).toEqual([30, 120, 480, 1920, 7680, 30_720]);
  expect(await step()).toBe("stopped");
  expect(sent()).toBe(0);
});

test("what is taken is sent, once", async () => {
  const { vault, step, sent } = await world(["refund"]);
  expect(await step()).toBe("soon");
  expect(sent()).toBe(1);
  expect(await keptMade(vault, "m")).not.toHaveProperty("refund");
});

test("one relay that says it would be refused stops nothing", async () => {
  const lies = Object.defineProperty({}, "eth_call", {
    get: () => {
      throw new RpcError(3, "execution reverted", "0x");
    },
  });
  const { vault, step, sent } = await world(["refund"], lies);
  expect(await step()).toBe("soon");
  expect(sent()).toBe(1);
  expect(await keptMade(vault, "m")).not.toHaveProperty("refund");
});
