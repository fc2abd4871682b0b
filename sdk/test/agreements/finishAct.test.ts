import { toHex } from "viem";
import { expect, test } from "vitest";
import { finishAct, isOver } from "../../src/agreements/inChat/finishAct.ts";
import { type ActInHand, keepAct, keptActs } from "../../src/agreements/inChat/records.ts";
import type { Address } from "../../src/types/primitives.ts";
import { type EscrowFacts, escrowCore, revertOf } from "../support/escrowChain.ts";

/** What somebody signed is neither stopped nor taken for done by one relay's word. */

const time = 1_900_000_000;
const wallet: Address = `0x${"a1".repeat(20)}`;

async function world(lies: Record<string, unknown> = {}, step = 1) {
  const facts: EscrowFacts = {
    milestones: [{ state: "funded", step: 1, amount: 40n }],
    ...{ held: 40n, used: false, arrives: 0n, receipts: {}, time },
  };
  const found = await escrowCore(facts, lies);
  const record: ActInHand = {
    ...{
      told: { conversationId: "c", agreement: "a" },
      id: "m",
      escrow: found.escrow,
      wallet,
      step: `${step}`,
      ready: true,
    },
    act: { do: "accept", index: 0, amount: "40" },
    money: { token: found.skm, amounts: ["40"] },
    ...{ deadline: time + 3600, from: 1, signature: toHex(1, { size: 65 }) },
  };
  const attempt = async () => {
    await keepAct(found.vault, record);
    const error = await finishAct(found.core, record).then(
      () => undefined,
      (problem) => problem,
    );
    return { code: error?.code, over: error && isOver(error), kept: (await keptActs(found.vault)).length };
  };
  return { ...found, facts, attempt };
}

test("one relay's no ends nothing, whether it passed the transaction on or not", async () => {
  const no = {
    eth_getTransactionReceipt: { status: "0x0", blockNumber: "0x33" },
    eth_call: revertOf("EscrowNotAllowed"),
  };
  const passed = await world(no);
  expect(await passed.attempt()).toEqual({ code: undefined, over: undefined, kept: 0 });
  // Another relay is given it, too.
  const lies: Record<string, unknown> = { ...no, eth_sendRawTransaction: toHex(1, { size: 32 }) };
  const { attempt, facts } = await world(lies);
  expect(await attempt()).toEqual({ code: undefined, over: undefined, kept: 0 });
  expect(facts.milestones[0]?.state).toBe("settled");
});

test("a relay that keeps a transaction to itself and calls it done is not believed", async () => {
  const lies: Record<string, unknown> = {
    eth_sendRawTransaction: toHex(1, { size: 32 }),
    eth_getTransactionReceipt: { status: "0x1", blockNumber: "0x33" },
  };
  const { attempt, calls, facts } = await world(lies);
  expect(await attempt()).toEqual({ code: "ESCROW_UNDER_WAY", over: false, kept: 1 });
  expect(calls).toEqual([]);
  for (const method of Object.keys(lies)) delete lies[method];
  expect(await attempt()).toEqual({ code: undefined, over: undefined, kept: 0 });
  expect(facts.milestones[0]?.state).toBe("settled");
});

test("a relay that keeps it to itself and says nothing does not stop it either", async () => {
  const { attempt, calls } = await world({ eth_sendRawTransaction: toHex(1, { size: 32 }) });
  expect(await attempt()).toEqual({ code: undefined, over: undefined, kept: 0 });
  expect(calls).toHaveLength(1);
});

test("what two operators refuse is over, with their reason", async () => {
  const stale = await world({}, 0);
  expect(await stale.attempt()).toEqual({ code: "ESCROW_MOVED_ON", over: true, kept: 0 });
  const late = await world();
  late.facts.time = time + 3601;
  expect(await late.attempt()).toEqual({ code: "ESCROW_NOT_IN_TIME", over: true, kept: 0 });
  expect(late.calls).toEqual([]);
});

test("what another device of this person did is done", async () => {
  const { attempt, calls } = await world();
  await attempt();
  expect(await attempt()).toEqual({ code: undefined, over: undefined, kept: 0 });
  expect(calls).toHaveLength(1);
});
