import { toHex } from "viem";
import { expect, test } from "vitest";
import { carryOut } from "../../src/agreements/inChat/act.ts";
import { dismissAct } from "../../src/agreements/inChat/dismissAct.ts";
import { finishAct } from "../../src/agreements/inChat/finishAct.ts";
import { agreementsIdle, holdAct, wakeAgreements } from "../../src/agreements/inChat/follow.ts";
import { mayBeForgotten } from "../../src/agreements/inChat/forget.ts";
import { type ActInHand, actsInHand, keepAct, keptActs, reserveAct } from "../../src/agreements/inChat/records.ts";
import { tellAgain } from "../../src/agreements/inChat/tellAgain.ts";
import { createEmitter } from "../../src/client/events.ts";
import type { Thread } from "../../src/conversation/threads.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { createLocalWallet, newWalletKey } from "../../src/index.ts";
import type { AgreementView } from "../../src/types/agreed.ts";
import type { ClientEvents } from "../../src/types/client.ts";
import type { Address } from "../../src/types/primitives.ts";
import { escrowCore } from "../support/escrowChain.ts";

/** Whoever is no longer heard in the conversation keeps every right that the escrow gives them. */

const time = 1_900_000_000;
const salt = toHex(5, { size: 32 });
const local = createLocalWallet(newWalletKey(), "http://127.0.0.1:1");
const wallet = local.address.toLowerCase() as Address;

async function world(thread: Partial<Thread> | undefined) {
  const found = await escrowCore({
    milestones: [{ state: "submitted", step: 1, amount: 40n }],
    ...{ held: 40n, used: false, arrives: 0n, receipts: {}, time },
  });
  const here = { thread };
  Object.assign(found.core.threads, { get: () => here.thread, message: async () => undefined });
  Object.assign(found.core, { book: new Map(), self: { identity: { publicId: "0x1" } }, events: { on: () => {} } });
  const record = (changes: Partial<ActInHand> = {}): ActInHand => ({
    ...{ told: { conversationId: "c", agreement: "a" }, id: "m", escrow: found.escrow, wallet, step: "1" },
    act: { do: "reject", index: 0, text: "It is not what we agreed on.", salt },
    money: { token: found.skm, amounts: ["40"] },
    ...{ deadline: time + 3600, from: 1, ...changes },
  });
  return { ...found, here, record };
}
const removed: Partial<Thread> = { kind: "group", left: "removed", sessions: [{} as never] };

test("somebody thrown out of the group rejects and disputes, before a timeout takes their money", async () => {
  const { core, vault, record, calls } = await world(removed);
  expect(await carryOut(core, record(), local)).toBeUndefined();
  const dispute = record({
    id: "n",
    from: 2,
    step: "2",
    act: { do: "dispute", index: 0, text: "Look at it, please.", salt },
  });
  expect(await carryOut(core, dispute, local)).toBeUndefined();
  expect(calls.map(({ went }) => went)).toEqual([true, true]);
  const { pending, untold } = actsInHand(await keptActs(vault), () => true);
  // Nobody has heard it, and only here is what it says.
  expect(pending).toEqual([]);
  // They are kept in no order.
  expect(untold.toSorted((a, b) => (a.message < b.message ? -1 : 1))).toMatchObject([
    { message: "m", act: { do: "reject", text: "It is not what we agreed on." }, transaction: calls[0]?.hash },
    { message: "n", act: { do: "dispute", text: "Look at it, please." }, transaction: calls[1]?.hash },
  ]);
});

test.each<[string, Partial<Thread> | undefined]>([
  ["a group that was left", { ...removed, left: "left" }],
  ["a conversation that is gone", undefined],
  ["a conversation whose keys are not here", { kind: "group", sessions: [] }],
])("%s keeps nobody from it", async (_, thread) => {
  const { core, vault, record, calls } = await world(thread);
  await carryOut(core, record(), local);
  expect(calls).toHaveLength(1);
  expect(await keptActs(vault)).toMatchObject([{ id: "m", done: calls[0]?.hash }]);
});

test("what is on chain is told when that becomes possible, and no more sent there", async () => {
  const { core, vault, record, calls } = await world(removed);
  await carryOut(core, record(), local);
  await agreementsIdle(core);
  Object.assign(core.threads, { message: async (_: string, id: string) => ({ id }) });
  wakeAgreements(core);
  await agreementsIdle(core);
  expect(await keptActs(vault)).toEqual([]);
  expect(calls).toHaveLength(1);
});

test("what a conversation takes again hears it at once", async () => {
  const { core, vault, record, here } = await world(undefined);
  const events = createEmitter<ClientEvents>();
  const states = new Map<string, unknown>();
  const pair = { id: "c", kind: "pair", publicId: "0x2", sessions: [{}], state: {} } as unknown as Thread;
  Object.assign(core, { events, book: states });
  Object.assign(core.threads, { all: () => (here.thread ? [here.thread] : []) });
  const waiting = () => record({ ready: true, done: salt, untaken: true });
  here.thread = pair;
  states.set("0x2", { state: "blocked" });
  await keepAct(vault, waiting());
  Object.assign(core.threads, { message: async (_: string, id: string) => ({ id }) });
  const stop = tellAgain(core);
  const contact = (state: string) => {
    states.set("0x2", { state });
    events.emit("contacts", { conversationId: "c", state } as never);
    return agreementsIdle(core);
  };
  await contact("blocked");
  expect(await keptActs(vault)).toHaveLength(1);
  await contact("connected");
  expect(await keptActs(vault)).toEqual([]);
  // A group that one was thrown out of, and comes into again; whatever else happens in it wakes nothing.
  const group = async (thread: Partial<Thread>) => {
    here.thread = { ...pair, ...thread } as Thread;
    events.emit("conversation", { id: "c" } as never);
    await agreementsIdle(core);
  };
  await keepAct(vault, waiting());
  await group({});
  await group({ left: "removed" });
  expect(await keptActs(vault)).toHaveLength(1);
  await group({});
  expect(await keptActs(vault)).toEqual([]);
  stop();
});

test("what is only being sent is nothing that nobody was told", async () => {
  const { core, vault, record, calls } = await world(removed);
  const offline = async (): Promise<never> => Promise.reject(new SkrumbleError("CHAIN_UNREACHABLE"));
  const untaken = core.threads.message;
  Object.assign(core.threads, { message: offline });
  const act = record({ ready: true, signature: toHex(1, { size: 65 }) });
  await keepAct(vault, act);
  await expect(finishAct(core, act)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  const shown = async () => actsInHand(await keptActs(vault), () => true);
  expect(await shown()).toEqual({ pending: [], untold: [] });
  Object.assign(core.threads, { message: untaken });
  expect(await finishAct(core, act)).toBeUndefined();
  expect(await shown()).toMatchObject({ pending: [], untold: [{ message: "m", transaction: calls[0]?.hash }] });
  // It goes into the conversation again as soon as that can be reached.
  Object.assign(core.threads, { message: offline });
  await expect(finishAct(core, act)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  expect(await shown()).toEqual({ pending: [], untold: [] });
});

test("an untold act keeps its agreement, until the person lets it go", async () => {
  const { core, vault, record } = await world(removed);
  await keepAct(vault, record({ done: salt, untaken: true }));
  await keepAct(vault, record({ id: "sent", done: salt }));
  await keepAct(vault, record({ id: "signed", step: "2", ready: true }));
  const view = { state: "finished", bound: [], pending: [], untold: [] } as unknown as AgreementView;
  const { untold } = actsInHand(await keptActs(vault), () => true);
  expect([mayBeForgotten({ ...view, untold }), mayBeForgotten(view)]).toEqual([false, true]);
  for (const message of ["m", "sent", "signed", "another"]) await dismissAct(core, message);
  expect((await keptActs(vault)).map(({ id }) => id).sort()).toEqual(["sent", "signed"]);
});

test("what was done with the proof alone is kept as long as it says something", async () => {
  const { core, vault, record } = await world(undefined);
  const { told: _, ...alone } = record({ ready: true, signature: toHex(1, { size: 65 }) });
  await keepAct(vault, alone);
  expect(await finishAct(core, alone)).toBeUndefined();
  const settled: ActInHand = { ...alone, id: "n", act: { do: "settle", index: 0 }, done: toHex(1, { size: 32 }) };
  await keepAct(vault, settled);
  expect(await finishAct(core, settled)).toBeUndefined();
  expect(await keptActs(vault)).toMatchObject([{ id: "m" }]);
});

test("an act that its call ended while others were looked at stays as the call left it", async () => {
  const { core, vault, record } = await world(removed);
  const release = holdAct(core, "m");
  await keepAct(vault, record());
  // Between what a round has read and what it goes on with.
  const range: typeof vault.range = async (...args) => {
    const found = await vault.range(...(args as Parameters<typeof vault.range>));
    await keepAct(vault, record({ ready: true, signature: toHex(1, { size: 65 }), done: salt }));
    release();
    return found as never;
  };
  Object.assign(core, { vault: { ...vault, range } });
  wakeAgreements(core);
  await agreementsIdle(core);
  expect(await keptActs(vault)).toMatchObject([{ id: "m", done: salt }]);
});

test("untold acts are over: they keep nobody from the next one", async () => {
  const { core, record } = await world(removed);
  await keepAct(core.vault, record({ done: salt }));
  await reserveAct(core, record({ id: "n", step: "2" }));
  await expect(reserveAct(core, record({ id: "o", step: "2" }))).rejects.toMatchObject({ code: "ESCROW_UNDER_WAY" });
});
