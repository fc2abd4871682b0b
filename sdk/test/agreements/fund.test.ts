import { toHex, zeroAddress } from "viem";
import { describe, expect, test, vi } from "vitest";
import { carryOut } from "../../src/agreements/inChat/act.ts";
import { finishAct, isOver } from "../../src/agreements/inChat/finishAct.ts";
import { agreementsIdle, wakeAgreements } from "../../src/agreements/inChat/follow.ts";
import { missingFor } from "../../src/agreements/inChat/missing.ts";
import {
  type ActInHand,
  actsInHand,
  isReady,
  keepAct,
  keptActs,
  reserveAct,
} from "../../src/agreements/inChat/records.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { NotSentError } from "../../src/identity/wallet.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { type EscrowFacts, escrowCore } from "../support/escrowChain.ts";

/** Money on its way to an escrow is neither forgotten nor sent twice. */

const time = 1_900_000_000;
const wallet: Address = `0x${"a1".repeat(20)}`;
const nonce: Hex = `0x${"12".repeat(32)}`;
const coin: Address = zeroAddress;
const facts = (over: Partial<EscrowFacts> = {}): EscrowFacts => ({
  milestones: [
    { state: "unfunded", step: 0, amount: 40n },
    { state: "unfunded", step: 0, amount: 60n },
  ],
  ...{ held: 0n, used: false, arrives: 40n, receipts: {}, time },
  ...over,
});

async function world(over: Partial<EscrowFacts> = {}, lies: Record<string, unknown> = {}) {
  const all = facts(over);
  const found = await escrowCore(all, lies);
  const record = (changes: Partial<ActInHand> = {}): ActInHand => ({
    ...{ told: { conversationId: "c", agreement: "a" }, id: "m", escrow: found.escrow, wallet, step: "0", ready: true },
    act: { do: "fund", first: 0, count: 1 },
    money: { token: found.skm, amounts: ["40", "60"] },
    ...{ deadline: time + 3600, from: 1, pays: { amount: "40", nonce, signature: toHex(1, { size: 65 }) } },
    ...changes,
  });
  const attempt = async (act: ActInHand) => {
    await keepAct(found.vault, act);
    const error = await finishAct(found.core, act).then(
      () => undefined,
      (problem) => problem,
    );
    return { code: error?.code, over: error && isOver(error), kept: (await keptActs(found.vault)).length };
  };
  return { ...found, facts: all, record, attempt };
}
const sent = (token: Address, pays: Partial<NonNullable<ActInHand["pays"]>> = {}): Partial<ActInHand> => ({
  ...{ money: { token, amounts: ["40", "60"] } },
  pays: { amount: "40", asked: true, ...pays },
});

test("what was signed is brought and counted, once", async () => {
  const { attempt, record, calls, skm, escrow } = await world();
  expect(await attempt(record())).toEqual({ code: undefined, over: undefined, kept: 0 });
  expect(calls.map(({ to }) => to)).toEqual([skm, escrow]);
  expect(await attempt(record())).toMatchObject({ code: undefined, kept: 0 });
  expect(calls).toHaveLength(2);
});

test("money that a relay says it has brought and that is not there is waited for", async () => {
  const { attempt, record, facts: chain } = await world({ arrives: 0n });
  expect(await attempt(record())).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  // It is used, and still nothing there.
  expect(await attempt(record())).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  chain.held = 40n;
  expect(await attempt(record())).toMatchObject({ code: undefined, kept: 0 });
});

test("a relay that says it is over ends nothing; two that do end what is not on its way", async () => {
  const late = { number: "0x32", timestamp: toHex(time + 9000) };
  const lied = await world({}, { eth_getBlockByNumber: late });
  expect(await lied.attempt(lied.record())).toMatchObject({ code: undefined, kept: 0 });
  const over = await world({ time: time + 3600 });
  expect(await over.attempt(over.record())).toEqual({ code: "ESCROW_NOT_IN_TIME", over: true, kept: 0 });
  expect(over.calls).toEqual([]);
});

test("what a wallet sends itself is waited for until its time is over, and counted when it comes", async () => {
  const { attempt, record, facts: chain } = await world();
  const own = record(sent(coin));
  expect(await attempt(own)).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  // The page was closed while the wallet was asked: nobody heard what it did.
  const { ready: _, ...unheard } = own;
  expect(isReady(unheard)).toBe(true);
  chain.held = 40n;
  expect(await attempt(unheard)).toMatchObject({ code: undefined, kept: 0 });
  // Whoever confirms late may still have sent it.
  const late = await world({ time: time + 3600 });
  expect(await late.attempt(late.record(sent(coin)))).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  expect(actsInHand(await keptActs(late.vault), () => true).pending).toMatchObject([{ at: "chain", doubt: true }]);
  const never = await world({ time: time + 3600 + 601 });
  expect(await never.attempt(never.record(sent(coin)))).toMatchObject({ code: "ESCROW_MONEY_NOT_SEEN", kept: 0 });
  const failed = await world({ receipts: { [nonce]: "0x0" } });
  expect(await failed.attempt(failed.record(sent(coin, { transaction: nonce })))).toMatchObject({
    ...{ code: "PAYMENT_REFUSED", kept: 0 },
  });
});

test("after a restart goes on what a wallet may have sent; what it never agreed to is dropped", async () => {
  const { core, vault, record, facts: chain } = await world();
  const { ready: _, ...asked } = record(sent(coin));
  const { ready: __, pays: ___, ...unheard } = record({ id: "n", act: { do: "accept", index: 0, amount: "1" } });
  await keepAct(vault, asked);
  await keepAct(vault, unheard);
  const left = async () => (await keptActs(vault)).map(({ id }) => id);
  wakeAgreements(core);
  await vi.waitFor(async () => expect(await left()).toEqual(["m"]), 5000);
  chain.held = 40n;
  wakeAgreements(core);
  await vi.waitFor(async () => expect(await left()).toEqual([]), 5000);
  await agreementsIdle(core);
  expect(chain.milestones[0]?.state).toBe("funded");
});

describe("what a wallet has signed is known by its hash and number", () => {
  const [hash, nobody] = [toHex(8, { size: 32 }), () => Promise.reject(new Error("asked to sign"))];
  const doubt = () => Promise.reject(new SkrumbleError("WALLET_SEND_UNSURE", { values: { hash, nonce: 4 } }));
  async function funding() {
    const found = await world();
    const { ready: _, ...act } = found.record(sent(coin));
    const { asked: __, ...pays } = act.pays as NonNullable<ActInHand["pays"]>;
    const kept = async () => (await keptActs(found.vault)).map((one) => one.pays);
    const askAnd = (sendTransaction: NonNullable<WalletSigner["sendTransaction"]>) =>
      carryOut(found.core, { ...act, pays }, { address: wallet, signTypedData: nobody, sendTransaction }).catch(
        ({ code }) => code,
      );
    return { ...found, act, kept, askAnd };
  }

  test("before it is sent, and when the wallet is in doubt: refused by the chain, it is over at once", async () => {
    const { attempt, act, kept, askAnd, facts: chain } = await funding();
    const signed = { amount: "40", asked: true, transaction: hash, accountNonce: 4 } as const;
    let before: unknown;
    const outcome = await askAnd(async (request) => {
      await request.onSigned?.({ hash: hash.toUpperCase().replace("X", "x") as Hex, nonce: 4 });
      before = await kept();
      return doubt();
    });
    expect([outcome, before, await kept()]).toEqual(["WALLET_SEND_UNSURE", [signed], [signed]]);
    chain.receipts[hash] = "0x0";
    expect(await attempt({ ...act, pays: signed })).toEqual({ code: "PAYMENT_REFUSED", over: true, kept: 0 });
  });

  test("also of a wallet that tells of nothing before; another one than it had signed has not its number", async () => {
    const one = await funding();
    expect(await one.askAnd(doubt)).toBe("WALLET_SEND_UNSURE");
    expect(await one.kept()).toEqual([{ amount: "40", asked: true, transaction: hash }]);
    const two = await funding();
    await two.askAnd(async (request) => {
      await request.onSigned?.({ hash: nonce, nonce: 4 });
      return hash;
    });
    expect(await two.kept()).toEqual([{ amount: "40", asked: true, transaction: hash }]);
  });

  test("what it did not send after all is forgotten", async () => {
    const { kept, askAnd } = await funding();
    const outcome = await askAnd(async (request) => {
      await request.onSigned?.({ hash, nonce: 4 });
      throw new SkrumbleError("WALLET_REFUSED");
    });
    expect([outcome, await kept()]).toEqual(["WALLET_REFUSED", []]);
  });

  describe("where the client is closed meanwhile", () => {
    /** @param after the wallet is told to give up once it has signed */
    async function closing(after: boolean, then: () => Promise<Hex>) {
      const { core, kept, askAnd } = await funding();
      const closed = new AbortController();
      Object.assign(core, { signal: closed.signal });
      let before: unknown;
      const outcome = await askAnd(async (request) => {
        const tell = () => request.onSigned?.({ hash, nonce: 4 });
        if (after) await tell();
        closed.abort();
        // Nothing is sent where this rejects.
        if (!after) before = await Promise.resolve(tell()).catch(({ code }) => code);
        return then();
      });
      return { outcome, before, kept: await kept() };
    }
    const notSent = () => Promise.reject(new NotSentError(new SkrumbleError("ABORTED")));

    test("and the wallet says that it sent nothing, nothing is in doubt", async () => {
      const nothing = { outcome: "ABORTED", kept: [] };
      expect(await closing(false, notSent)).toEqual({ ...nothing, before: "ABORTED" });
      expect(await closing(true, notSent)).toEqual({ ...nothing, before: undefined });
    });

    test("and the wallet says what it sent, or nothing at all, it may still come", async () => {
      const signed = { amount: "40", asked: true, transaction: hash, accountNonce: 4 };
      for (const then of [async () => hash, doubt, () => new Promise<Hex>(() => undefined)])
        expect(await closing(true, then)).toMatchObject({ outcome: "ABORTED", kept: [signed] });
      expect(await closing(false, async () => nonce)).toMatchObject({
        kept: [{ amount: "40", asked: true, transaction: nonce }],
      });
    });

    test("before the wallet was asked, nothing is in doubt", async () => {
      const { core, kept, vault, askAnd } = await funding();
      const closed = new AbortController();
      Object.assign(core, { signal: closed.signal });
      const { write } = vault;
      let writes = 0;
      // It is written down that the wallet will be asked.
      vault.write = (ops) => {
        if (++writes === 2) closed.abort();
        return write.call(vault, ops);
      };
      const asked = vi.fn();
      expect(await askAnd(asked)).toBe("ABORTED");
      expect(asked).not.toHaveBeenCalled();
      expect(await kept()).toEqual([]);
    });
  });
});

test("no more leaves a wallet than is missing, also where another device was faster", async () => {
  const { attempt, record, calls } = await world({
    milestones: [
      { state: "funded", step: 1, amount: 40n },
      { state: "unfunded", step: 0, amount: 60n },
    ],
    held: 40n,
  });
  expect(await attempt(record())).toEqual({ code: "ESCROW_MOVED_ON", over: true, kept: 0 });
  const partly = await world({ held: 15n });
  expect(await partly.attempt(partly.record())).toEqual({ code: "ESCROW_MOVED_ON", over: true, kept: 0 });
  const there = await world({ held: 40n });
  expect(await there.attempt(there.record())).toMatchObject({ code: undefined });
  expect(there.calls.map(({ to }) => to)).toEqual([there.escrow]);
  expect([...calls, ...partly.calls]).toEqual([]);
});

test("milestones are paid in their order", async () => {
  const { core, escrow, skm } = await world();
  const money = { token: skm, amounts: ["40", "60"] };
  await expect(missingFor(core, escrow, money, { first: 1, count: 1 })).rejects.toMatchObject({
    code: "ESCROW_EARLIER_UNPAID",
  });
  expect((await missingFor(core, escrow, money, { first: 0, count: 2 })).amount).toBe(100n);
  await expect(missingFor(core, escrow, money, { first: 0, count: 3 })).rejects.toMatchObject({
    code: "ESCROW_MOVED_ON",
  });
});

test("while one act is under way nobody is asked for another one of the same aim", async () => {
  const { core, record, vault } = await world();
  await reserveAct(core, record());
  await expect(reserveAct(core, record({ id: "n", act: { do: "fund", first: 1, count: 1 } }))).rejects.toMatchObject({
    code: "ESCROW_UNDER_WAY",
  });
  await reserveAct(core, record({ id: "n", escrow: coin }));
  const accept = record({ id: "o", act: { do: "accept", index: 0, amount: "40" } });
  await reserveAct(core, accept);
  await expect(
    reserveAct(core, { ...accept, id: "p", act: { do: "refund", index: 0, amount: "1" } }),
  ).rejects.toMatchObject({ code: "ESCROW_UNDER_WAY" });
  await reserveAct(core, { ...accept, id: "q", act: { do: "accept", index: 1, amount: "1" } });
  const both = await Promise.allSettled(["r", "s"].map((id) => reserveAct(core, record({ id, act: { do: "sweep" } }))));
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await keptActs(vault)).toHaveLength(5);
});

test("a transaction whose number the wallet used for something else never comes", async () => {
  const { attempt, record, facts: chain, escrow } = await world({ waiting: { [nonce]: { nonce: 4 } }, mined: 4 });
  const own = record(sent(coin, { transaction: nonce }));
  expect(await attempt(own)).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  // While it waits it can still come, however late: whoever pays again pays twice.
  chain.time += 7200;
  expect(await attempt(own)).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  const last = { hash: toHex(9, { size: 32 }), from: wallet, to: coin, nonce: 4, value: 40n };
  Object.assign(chain, { waiting: {}, mined: 5, last, receipts: { [last.hash]: "0x1" } });
  expect(await attempt(own)).toEqual({ code: "PAYMENT_REPLACED", over: true, kept: 0 });
  // With a higher fee it is the same payment: what is missing tells whether it has come.
  chain.time = time;
  Object.assign(last, { to: escrow });
  expect(await attempt(own)).toEqual({ code: "ESCROW_UNDERFUNDED", over: false, kept: 1 });
  chain.held = 40n;
  expect(await attempt(own)).toMatchObject({ code: undefined, kept: 0 });
});
