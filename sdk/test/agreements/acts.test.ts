import { encodeFunctionData, type Hex } from "viem";
import { expect, test } from "vitest";
import { actionValues, type EscrowAction } from "../../src/agreements/actOnEscrow.ts";
import { escrowActionOf, termsInCall } from "../../src/agreements/inChat/acts.ts";
import { type CheckedAct, checkActs, openConsents } from "../../src/agreements/inChat/events.ts";
import type { Said, SaidAct } from "../../src/agreements/inChat/said.ts";
import { toldIn } from "../../src/agreements/inChat/told.ts";
import { parseDraft } from "../../src/agreements/parseDraft.ts";
import type { EscrowView } from "../../src/agreements/readEscrow.ts";
import type { Core } from "../../src/client/core.ts";
import type { StoredAct } from "../../src/conversation/content/agreement.ts";
import { escrowAbi } from "../../src/generated/index.ts";
import type { Address, PublicId } from "../../src/types/primitives.ts";
import { hire, partyOf } from "../support/agreements.ts";

/** What somebody says they did is true of one transaction: their own, with these values. */

const escrow: Address = `0x${"e".repeat(40)}`;
const draft = parseDraft(hire({ arbiter: partyOf("arbiter", "judy", 3), money: arbitrated() }));
const token = draft.money?.asset.token as Address;
const [payer, payee] = draft.parties as [(typeof draft.parties)[0], (typeof draft.parties)[0]];
const salt: Hex = `0x${"5".repeat(64)}`;
const mallory: PublicId = `0x${"e".repeat(64)}`;

function arbitrated() {
  const { money } = hire();
  return money && { ...money, rules: { ...money.rules, rulingTime: 86_400 } };
}

function callOf(action: EscrowAction, signer: Address, step = 3n, deadline = 2_000_000_000n, to: Hex = escrow) {
  const args = [...actionValues(action), { signer, step, deadline, signature: "0x12" as Hex }];
  return { to, input: encodeFunctionData({ abi: escrowAbi, functionName: action.do, args: args as never }) };
}
const all: StoredAct[] = [
  { do: "fund", first: 0, count: 2 },
  { do: "submit", index: 0, text: "Here.", salt },
  { do: "reject", index: 0, text: "No.", salt },
  { do: "dispute", index: 0, text: "Yes.", salt },
  { do: "accept", index: 0, amount: "5" },
  { do: "refund", index: 0, amount: "5" },
  { do: "rule", index: 0, toPayee: "5" },
  { do: "extend", index: 0, due: 1_900_000_000 },
  { do: "declareDefault", index: 0 },
  { do: "cancel", toPayee: "5" },
  { do: "sweep" },
];
const actionOf = (act: StoredAct) => escrowActionOf(act, token) as EscrowAction;

test("every act is read off its own call, and off no other", () => {
  for (const act of all) {
    const known = { escrow, act, wallet: payer.wallet, token };
    const call = callOf(actionOf(act), payer.wallet);
    expect(termsInCall(call, known)).toEqual({ step: 3n, deadline: 2_000_000_000n });
    expect(termsInCall({ ...call, to: token }, known)).toBeUndefined();
    expect(termsInCall({ ...call, input: "0x12345678" }, known)).toBeUndefined();
    for (const other of all.filter((one) => one !== act))
      expect(termsInCall(call, { ...known, act: other })).toBeUndefined();
    if (act.do === "fund") continue;
    expect(termsInCall(call, { ...known, wallet: payee.wallet })).toBeUndefined();
    expect(termsInCall(call, { ...known, step: 4n })).toBeUndefined();
  }
});

test("other values are another act", () => {
  const known = { escrow, wallet: payer.wallet, token };
  const fits = (said: StoredAct, done: StoredAct) =>
    termsInCall(callOf(actionOf(done), payer.wallet), { ...known, act: said }) !== undefined;
  expect(fits({ do: "cancel", toPayee: "5" }, { do: "cancel", toPayee: "6" })).toBe(false);
  expect(fits({ do: "extend", index: 0, due: 5 }, { do: "extend", index: 0, due: 6 })).toBe(false);
  expect(fits({ do: "extend", index: 0, due: 5 }, { do: "extend", index: 1, due: 5 })).toBe(false);
  const text = { do: "submit", index: 0, text: "Here.", salt } as const;
  expect(fits({ ...text, text: "There." }, text)).toBe(false);
  const settle = { to: escrow, input: encodeFunctionData({ abi: escrowAbi, functionName: "settle", args: [0n] }) };
  expect(termsInCall(settle, { ...known, act: { do: "settle", index: 0 } })).toBeDefined();
  expect(termsInCall(settle, { ...known, act: { do: "settle", index: 1 } })).toBeUndefined();
  expect(termsInCall(settle, { ...known, act: { do: "rule", index: 0, toPayee: "5" } })).toBeUndefined();
});

const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const told = (message: string, from: PublicId, act: StoredAct, transaction = hash(1), at = 0): SaidAct => ({
  ...{ message, from, at, act, transaction },
});
const saying = (...acts: SaidAct[]): Said => ({
  ...{
    agreement: "a",
    versions: [],
    texts: new Map(),
    newest: undefined as never,
    signed: [],
    declines: [],
    concluded: [],
    acts,
  },
  messages: acts.map(({ message }) => message),
});

function coreWith(calls: Record<Hex, { to: Hex; input: Hex }>, now = 1_000_000) {
  const answer = async (method: string, [id]: [Hex]) => {
    const call = calls[id];
    if (!call) return null;
    return method === "eth_getTransactionReceipt"
      ? { transactionHash: id, status: "0x1", blockNumber: "0x1", logs: [] }
      : { ...call, hash: id, from: token, value: "0x0", nonce: "0x0" };
  };
  const endpoints = () => ["one", "two"].map((operator) => ({ url: operator, operator }));
  const rpc = {
    endpoints,
    request: answer,
    requestAt: (_: unknown, method: string, ids: [Hex]) => answer(method, ids),
  };
  return { chain: { rpc }, signal: new AbortController().signal, now: () => now } as unknown as Core;
}

test("a transaction is told of once, by its author, and counts in its own conversation", async () => {
  const accept: StoredAct = { do: "accept", index: 0, amount: "5" };
  const core = coreWith({ [hash(1)]: callOf(actionOf(accept), payer.wallet) });
  const said = saying(
    told("1", payer.publicId, accept),
    told("2", payer.publicId, accept),
    told("3", payee.publicId, { do: "refund", index: 0, amount: "5" }),
    told("4", mallory, accept),
    told("5", payer.publicId, accept, hash(2), 1_000_000),
  );
  const states = async (conversation: string) =>
    (await checkActs(core, conversation, said, { draft, escrow })).map(({ state }) => state);
  expect(await states("c")).toEqual(["true", "false", "false", "false", "open"]);
  // The same ids elsewhere, where another escrow is meant, are not known yet.
  expect((await checkActs(core, "d", said, { draft, escrow: token })).map(({ state }) => state)).toEqual([
    ...["false", "false", "false", "false", "open"],
  ]);
  expect(await states("c")).toEqual(["true", "false", "false", "false", "open"]);
  // Where nothing is in force nobody has done anything.
  expect((await checkActs(core, "c", said, { draft, escrow: undefined }))[0]?.state).toBe("false");
});

test("a transaction of which nobody has heard a minute later is not so, until it comes all the same", async () => {
  const accept: StoredAct = { do: "accept", index: 0, amount: "5" };
  const calls: Parameters<typeof coreWith>[0] = {};
  const states = async (at: number, now: number) => {
    const said = saying(told("1", payer.publicId, accept, hash(1), at));
    return (await checkActs(Object.assign(core, { now: () => now }), "c", said, { draft, escrow }))[0]?.state;
  };
  const core = coreWith(calls);
  expect(await states(1_000_000, 1_030_000)).toBe("open");
  expect(await states(1_000_000, 1_061_000)).toBe("false");
  // A clock that claims to be far ahead keeps nothing open.
  expect(await states(9_000_000, 1_061_000)).toBe("false");
  calls[hash(1)] = callOf(actionOf(accept), payer.wallet);
  expect(await states(1_000_000, 1_090_000)).toBe("true");
});

test("a consent is open for the state it was meant for, until its time is over", () => {
  const view = { step: 7n, milestones: [{ step: 3n }] } as unknown as EscrowView;
  const act = (message: string, what: StoredAct, step: bigint, deadline: bigint): CheckedAct => ({
    ...{ said: told(message, payer.publicId, what), state: "true", terms: { step, deadline } },
  });
  const later: StoredAct = { do: "extend", index: 0, due: 50 };
  const open = openConsents(
    [
      act("1", later, 3n, 100n),
      act("2", later, 3n, 200n),
      act("3", { ...later, due: 60 }, 2n, 200n),
      act("4", { do: "cancel", toPayee: "5" }, 7n, 100n),
      act("5", { do: "cancel", toPayee: "6" }, 7n, 80n),
      act("6", { do: "accept", index: 0, amount: "1" }, 3n, 100n),
    ],
    view,
    90_000,
  );
  expect(open).toEqual([
    { message: "2", from: payer.publicId, act: { do: "extend", index: 0, due: 50 }, until: 200_000 },
    { message: "4", from: payer.publicId, act: { do: "cancel", toPayee: 5n }, until: 100_000 },
  ]);
});

test("what counts for nothing is said to be not so", () => {
  const said: Said = {
    ...saying(),
    messages: ["1", "1b", "2", "3", "4", "5"],
    // The same text twice: each of the messages holds it.
    texts: new Map(["1", "1b"].map((name) => [name, { id: "1" } as never])),
    ...{ versions: [{ id: "1" } as never], declines: ["2"] },
    concluded: [
      { message: "3", version: "1", at: 0 },
      { message: "5", version: "9", at: 0 },
    ],
  };
  const known = { acts: [], signatures: new Map(), concluded: undefined, asked: true, now: 100_000 };
  expect(toldIn(said, known)).toEqual({ 1: "true", "1b": "true", 2: "true", 3: "false", 4: "false", 5: "false" });
  expect(toldIn(said, { ...known, now: 10 })["3"]).toBe("open");
  expect(toldIn(said, { ...known, asked: false })["3"]).toBe("open");
  const concluded = { version: "1", id: hash(1), at: 1 };
  expect(toldIn(said, { ...known, concluded })).toMatchObject({ 3: "true", 5: "false" });
});
