import { zeroAddress, zeroHash } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { describe, expect, test, vi } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import { createSerial } from "../../src/client/serial.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { wasNotSent } from "../../src/identity/wallet.ts";
import { sentBesides } from "../../src/money/walletSent.ts";
import { allowancesLeft, disallowPackets } from "../../src/packets/allowances.ts";
import { holdPacket } from "../../src/packets/follow.ts";
import { goOnInstead } from "../../src/packets/goOnInstead.ts";
import { packetPrompts } from "../../src/packets/prompts.ts";
import { dropMade, keepAllowance, keepMade, keptPackets, type MadePacket } from "../../src/packets/records.ts";
import { reservePacket, sendPacket } from "../../src/packets/send.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { TransactionRequest, WalletSigner } from "../../src/types/client.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { type PacketFacts, packetCore } from "../support/packetChain.ts";
import { settled } from "../support/settled.ts";

/** A packet that the wallet sends by itself is not sent a second time unawares. */

const creator: Address = `0x${"a1".repeat(20)}`;
const skm: Address = `0x${"2".repeat(40)}`;
const keyOf = (byte: string): Hex => `0x${byte.repeat(32)}`;
const time = 1_900_000_000;
const packet: PacketRecord = {
  ...{ creator, token: zeroAddress, key: privateKeyToAddress(keyOf("11")), chainHead: zeroHash, lucky: false },
  ...{ total: 100n, left: 100n, expiresAt: 2_000_000_000, shares: 5, issued: 0, paid: 0 },
};
const made = (messageId: string, over: Partial<MadePacket> = {}): MadePacket => ({
  ...{ conversationId: "c", messageId, key: keyOf(messageId), creator, token: zeroAddress, amount: "100", shares: 5 },
  ...{ expiresAt: 2_000_000_000, validBefore: time + 3600, from: 10 },
  ...over,
});

async function world(over: Partial<PacketFacts> = {}) {
  const facts: PacketFacts = {
    ...{ packet, block: undefined, owners: {}, used: false, head: 50, time, sent: { mined: 3, pending: 3 } },
    ...over,
  };
  const { core } = packetCore(facts);
  const vault = await openVault(createMemoryStore());
  const self = { identity: { wallet: creator } };
  const whole = { ...core, vault, self, serial: createSerial(), now: () => facts.time * 1000 } as unknown as Core;
  const reserve = (wanted: MadePacket, replace = false, isAsked = false) =>
    reservePacket(whole, wanted, { replace, isAsked: () => isAsked });
  // The wallet was asked for it, and nobody heard an answer.
  await keepMade(vault, made("11", { sends: { next: 3, asked: true } }));
  return { core: whole, facts, vault, reserve };
}

test("while it may have been sent it is refused, unless it is to take the place of that one", async () => {
  const { facts, vault, reserve } = await world();
  for (const pending of [3, 4]) {
    Object.assign(facts, { sent: { mined: 3, pending } });
    await expect(reserve(made("12"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
    expect(await reserve(made("13"), true)).toMatchObject({ accountNonce: 3, made: { messageId: "13" } });
  }
  // Something else had that number.
  Object.assign(facts, { sent: { mined: 4, pending: 4 } });
  expect(await reserve(made("13"), true)).not.toHaveProperty("accountNonce");
  expect((await keptPackets(vault)).made.map(({ messageId }) => messageId).toSorted()).toEqual(["11", "13"]);
});

test("it replaces the number that the wallet really used, which may wait behind a gap, or none", async () => {
  const { facts, vault, reserve } = await world();
  await keepMade(vault, made("11", { sends: { next: 3, asked: true, transaction: zeroHash } }));
  // Nodes do not know it: the number that was noted before may be that of anything.
  expect(await reserve(made("12"), true)).not.toHaveProperty("accountNonce");
  Object.assign(facts, { numbers: { [zeroHash]: 5 } });
  expect(await reserve(made("12"), true)).toMatchObject({ accountNonce: 5, made: { sends: { next: 5 } } });
});

test("it replaces what the wallet told that it has signed, though nodes know nothing of that", async () => {
  const { core, vault, reserve } = await world({ takes: ["create"] });
  const hash: Hex = `0x${"66".repeat(32)}`;
  const asked: TransactionRequest[] = [];
  const wallet = (then: () => Promise<Hex>): WalletSigner => ({
    address: creator,
    signTypedData: () => Promise.reject(new Error("not asked")),
    async sendTransaction(request) {
      asked.push(request);
      await request.onSigned?.({ hash, nonce: 8 });
      return then();
    },
  });
  const doubt = () => Promise.reject(new SkrumbleError("WALLET_SEND_UNSURE", { values: { hash, nonce: 8 } }));
  await expect(sendPacket(core, await reserve(made("12"), true), wallet(doubt))).rejects.toThrow();
  const kept = (await keptPackets(vault)).made.find(({ messageId }) => messageId === "12");
  expect(kept?.sends).toEqual({ next: 8, asked: true, signed: hash, transaction: hash });
  expect(asked[0]).toMatchObject({ nonce: 3, signal: expect.any(AbortSignal) });
  await dropMade(vault, "11");
  const reserved = await reserve(made("13"), true);
  expect(reserved).toMatchObject({ accountNonce: 8, replaces: hash });
  const no = () => Promise.reject(new SkrumbleError("WALLET_REFUSED"));
  await expect(sendPacket(core, reserved, wallet(no))).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  expect(asked[1]).toMatchObject({ nonce: 8, replaces: hash });
  expect((await keptPackets(vault)).made.map(({ messageId }) => messageId)).toEqual(["12"]);
});

test("what was let go of does not come back when the wallet tells late what it had signed", async () => {
  const { core, vault, reserve } = await world({ takes: ["create"] });
  const asked: TransactionRequest[] = [];
  const wallet: WalletSigner = {
    address: creator,
    signTypedData: () => Promise.reject(new Error("not asked")),
    sendTransaction(request) {
      asked.push(request);
      return Promise.reject(new SkrumbleError("WALLET_REFUSED"));
    },
  };
  await expect(sendPacket(core, await reserve(made("12"), true), wallet)).rejects.toThrow();
  await expect(asked[0]?.onSigned?.({ hash: zeroHash, nonce: 4 })).rejects.toMatchObject({ code: "ABORTED" });
  expect((await keptPackets(vault)).made.map(({ messageId }) => messageId)).toEqual(["11"]);
});

test("one whose prompt is still open is given up for the one that takes its place", async () => {
  const { core, vault } = await world({ takes: ["create"] });
  await dropMade(vault, "11");
  const reserve = (wanted: MadePacket, replace = false) =>
    reservePacket(core, wanted, { replace, isAsked: ({ messageId }) => messageId === "12" });
  const agreed = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let sent = false;
  const wallet: WalletSigner = {
    address: creator,
    signTypedData: () => Promise.reject(new Error("not asked")),
    async sendTransaction(request) {
      asked.resolve();
      await agreed.promise;
      await request.onSigned?.({ hash: zeroHash, nonce: 4 });
      sent = true;
      return zeroHash;
    },
  };
  const first = sendPacket(core, await reserve(made("12")), wallet).catch((error) => error);
  await asked.promise;
  expect(await reserve(made("13"), true)).toMatchObject({ accountNonce: 3 });
  agreed.resolve();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent).toBe(false);
  expect(await first).toMatchObject({ code: "ABORTED" });
  // A wallet that tells nothing before it sends may have sent it all the same: its key is kept.
  const kept = (await keptPackets(vault)).made.find(({ messageId }) => messageId === "12");
  expect(kept?.sends).toEqual({ next: 3, asked: true });
});

test("of several in doubt it replaces the one that can still be made, or none", async () => {
  const { facts, vault, reserve } = await world({ sent: { mined: 4, pending: 4 } });
  const signed = (next: number, validBefore = time + 3600) => ({
    ...{ validBefore, sends: { next, asked: true as const, signed: `0x${String(next).repeat(64)}` as Hex } },
  });
  // Something else has the number of one of them, whichever is found first, or is the newer one.
  for (const [lost, left] of [
    ["11", "12"],
    ["12", "11"],
  ] as const)
    for (const validBefore of [time + 3600, time + 3700]) {
      await keepMade(vault, made(lost, signed(3)));
      await keepMade(vault, made(left, signed(4, validBefore)));
      await expect(reserve(made("13"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
      expect(await reserve(made("13"), true)).toMatchObject({ accountNonce: 4, replaces: `0x${"4".repeat(64)}` });
    }
  // One number replaces what has it, and nothing else.
  await keepMade(vault, made("11", signed(4)));
  expect(await reserve(made("13"), true)).toMatchObject({ accountNonce: 4 });
  for (const other of [signed(5), { sends: { next: 3, asked: true as const } }]) {
    await keepMade(vault, made("12", other));
    await expect(reserve(made("13"), true)).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  }
  Object.assign(facts, { block: 45 });
  await expect(reserve(made("13"), true)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
});

test("what one relay makes up is no number, and keeps nobody in doubt for longer than a day", async () => {
  const { facts, reserve } = await world({ claimed: 1_000_000, time: time + 3601 });
  expect(await reserve(made("12", { amount: "101" }))).toMatchObject({ made: { sends: { next: 3 } } });
  await expect(reserve(made("13"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  Object.assign(facts, { time: time + 3601 + 86_400 });
  await reserve(made("13"));
});

test("one that is on chain goes on by itself, and another sum is another packet", async () => {
  const { reserve } = await world({ block: 45 });
  expect(await reserve(made("12", { amount: "101" }))).toMatchObject({ made: { sends: { next: 3 } } });
  await expect(reserve(made("13"), true)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
});

test("one that is mined while another one is about to take its place is not sent again", async () => {
  const { core, facts, reserve } = await world();
  const { requestAt } = core.chain.rpc;
  const mines = async (...args: Parameters<typeof requestAt>) => {
    // The look for it is over.
    if (args[1] === "eth_getTransactionCount") Object.assign(facts, { block: 45, sent: { mined: 4, pending: 4 } });
    return requestAt(...args);
  };
  Object.assign(core.chain.rpc, { requestAt: mines });
  // Its time is not over: nobody asks for counts before.
  await expect(reserve(made("12"), true)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
});

test("after an hour nobody is kept waiting, unless something of the wallet waits; its key is kept until the packet is over", async () => {
  const { facts, vault, reserve } = await world({ time: time + 3601, sent: { mined: 3, pending: 4 } });
  const kept = async () => (await keptPackets(vault)).made.map(({ messageId }) => messageId).toSorted();
  await expect(reserve(made("12"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  Object.assign(facts, { sent: { mined: 4, pending: 4 } });
  await reserve(made("12"));
  // The wallet's prompt may still be open: the contract takes it until the packet expires.
  expect(await kept()).toEqual(["11", "12"]);
  Object.assign(facts, { time: 2_000_000_000 });
  await reserve(made("13"));
  expect(await kept()).toEqual(["12", "13"]);
});

test("what nodes still have of it, though nothing that waits is counted, may come yet", async () => {
  const hash: Hex = `0x${"66".repeat(32)}`;
  for (const sends of [
    { next: 5, asked: true as const, signed: hash },
    { next: 5, asked: true as const, transaction: hash },
  ]) {
    const { core, facts, vault, reserve } = await world({ time: time + 3601, numbers: { [hash]: 5 } });
    const { request, requestAt } = core.chain.rpc;
    const isUnseen = (method: string) => method === "eth_getTransactionReceipt";
    let hasSecond = false;
    Object.assign(core.chain.rpc, {
      request: async (...args: Parameters<typeof request>) => (isUnseen(args[0]) ? null : request(...args)),
      requestAt: async (...args: Parameters<typeof requestAt>) => {
        const lacks = args[1] === "eth_getTransactionByHash" && args[0].operator === "two" && !hasSecond;
        return lacks || isUnseen(args[1]) ? null : requestAt(...args);
      },
    });
    await keepMade(vault, made("11", { sends }));
    await expect(reserve(made("12"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
    // One operator that tells of it is enough for a day.
    Object.assign(facts, { time: time + 3601 + 86_400 });
    await reserve(made("13"));
    hasSecond = true;
    await expect(reserve(made("13"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  }
});

describe("a wallet that has signed such a packet is not asked again", () => {
  const signed = (over: Partial<MadePacket> = {}) => made("11", { signature: "0x01", token: skm, ...over });
  const again = made("12", { token: skm });

  test("while the signature holds, also after it was refused: that one goes on", async () => {
    const { core, vault } = await world();
    await keepMade(vault, signed({ refused: true }));
    await expect(goOnInstead(core, again)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
    expect((await keptPackets(vault)).made[0]).not.toHaveProperty("refused");
    await goOnInstead(core, made("12", { token: skm, amount: "101" }));
    await goOnInstead(core, made("12", { token: skm, conversationId: "d" }));
  });

  test("but when its time is over, or it is made", async () => {
    const { core, facts, vault } = await world();
    await keepMade(vault, signed({ packetId: 7, block: 20 }));
    await goOnInstead(core, again);
    await keepMade(vault, signed());
    Object.assign(facts, { time: time + 3601 });
    await goOnInstead(core, again);
    expect((await keptPackets(vault)).made).toEqual([]);
  });
});

test("what no wallet was asked for yet is nothing, what one is being asked for is", async () => {
  const { vault, reserve } = await world();
  await keepMade(vault, made("11", { sends: { next: 3 } }));
  await expect(reserve(made("12"), false, true)).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  expect(await reserve(made("12"))).not.toHaveProperty("accountNonce");
});

describe("a token that has to be allowed first", () => {
  const plain: Address = `0x${"7".repeat(40)}`;
  const left = { asset: { chainId: 1, token: plain }, owner: creator };
  const wanted = (messageId: string) => made(messageId, { token: plain });

  /** A wallet that mines at once what it sends. */
  async function tokenWorld(over: Partial<PacketFacts> = {}) {
    const found = await world({ packet: { ...packet, token: plain }, takes: ["create"], allowance: 0n, ...over });
    const { facts } = found;
    const requests: TransactionRequest[] = [];
    const wallet: WalletSigner = {
      address: creator,
      signTypedData: () => Promise.reject(new Error("not asked")),
      async sendTransaction(request) {
        requests.push(request);
        const count = (facts.sent?.mined ?? 0) + 1;
        Object.assign(facts, { sent: { mined: count, pending: count } });
        if (request.to === plain) facts.allowance = BigInt(`0x${request.data.slice(-64)}`);
        return zeroHash;
      },
    };
    return { ...found, wallet, requests };
  }

  test("has the number of its transaction, not that of the approval", async () => {
    const { core, vault, wallet, requests, reserve } = await tokenWorld();
    const reserved = await reserve(wanted("12"));
    expect(reserved.made.sends.next).toBe(3);
    await sendPacket(core, reserved, wallet);
    expect(requests.map(({ to }) => to)).toEqual([plain, core.chain.network.contracts.redPackets]);
    const kept = (await keptPackets(vault)).made.find(({ messageId }) => messageId === "12");
    expect(kept?.sends).toMatchObject({ next: 4, asked: true, transaction: zeroHash });
    expect(requests.map(({ nonce }) => nonce)).toEqual([undefined, undefined]);
  });

  describe("where the wallet is in doubt of the approval", () => {
    const hash: Hex = `0x${"66".repeat(32)}`;
    async function doubtedWorld() {
      const found = await tokenWorld();
      const { wallet } = found;
      const doubting: WalletSigner = {
        ...wallet,
        async sendTransaction(request) {
          const sent = (await wallet.sendTransaction?.(request)) as Hex;
          if (request.to !== plain) return sent;
          throw new SkrumbleError("WALLET_SEND_UNSURE", { values: { hash, nonce: 3 } });
        },
      };
      return { ...found, doubting };
    }

    test("is sent once that is in a block", async () => {
      const { core, vault, doubting, requests, reserve } = await doubtedWorld();
      await sendPacket(core, await reserve(wanted("12")), doubting);
      expect(requests.map(({ to }) => to)).toEqual([plain, core.chain.network.contracts.redPackets]);
      const kept = (await keptPackets(vault)).made.find(({ messageId }) => messageId === "12");
      expect(kept?.sends).toMatchObject({ next: 4, transaction: zeroHash });
      expect(sentBesides(core)).toEqual([hash]);
    });

    test("is not sent while that is in none, and nothing of it stays in doubt", async () => {
      const { core, vault, doubting, requests, reserve } = await doubtedWorld();
      const reserved = await reserve(wanted("12"));
      const { request, requestAt } = core.chain.rpc;
      const isUnseen = (method: string) => method === "eth_getTransactionReceipt";
      Object.assign(core.chain.rpc, {
        request: async (...args: Parameters<typeof request>) => (isUnseen(args[0]) ? null : request(...args)),
        requestAt: async (...args: Parameters<typeof requestAt>) => (isUnseen(args[1]) ? null : requestAt(...args)),
      });
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
      const error = await settled(sendPacket(core, reserved, doubting).catch((problem) => problem));
      vi.useRealTimers();
      // Nobody is told that it goes on by itself.
      expect(error).toMatchObject({ code: "CHAIN_STALLED", cause: { cause: { code: "WALLET_SEND_UNSURE" } } });
      expect(wasNotSent(error)).toBe(true);
      expect(requests).toHaveLength(1);
      expect((await keptPackets(vault)).made.map(({ messageId }) => messageId)).toEqual(["11"]);
    });
  });

  test("gets a number of its own where the approval took that of the packet it replaces", async () => {
    const { core, vault, wallet, requests, reserve } = await tokenWorld();
    await keepMade(vault, { ...wanted("11"), sends: { next: 3, asked: true } });
    const reserved = await reserve(wanted("12"), true);
    expect(reserved).toMatchObject({ accountNonce: 3 });
    await sendPacket(core, reserved, wallet);
    expect(requests.map(({ nonce }) => nonce)).toEqual([undefined, undefined]);
    expect(reserved.made.sends.next).toBe(4);
  });

  test("is not sent where the one it replaces was mined while the wallet allowed it", async () => {
    const { core, facts, vault, wallet, requests, reserve } = await tokenWorld();
    await keepMade(vault, { ...wanted("11"), sends: { next: 3, asked: true } });
    const reserved = await reserve(wanted("12"), true);
    const late: WalletSigner = {
      ...wallet,
      sendTransaction(request) {
        Object.assign(facts, { block: 45 });
        return wallet.sendTransaction?.(request) as Promise<Hex>;
      },
    };
    await expect(sendPacket(core, reserved, late)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
    expect(requests).toHaveLength(1);
  });

  test("leaves an allowance when nothing comes of the packet, which is told and can be taken back", async () => {
    const { core, facts, wallet, requests, reserve } = await tokenWorld();
    const no = Object.assign(new Error("no"), { code: 4001 });
    const refusing: WalletSigner = {
      ...wallet,
      sendTransaction: (request) =>
        request.to === plain ? (wallet.sendTransaction?.(request) as Promise<Hex>) : Promise.reject(no),
    };
    await expect(sendPacket(core, await reserve(wanted("12")), refusing)).rejects.toMatchObject({
      code: "WALLET_REFUSED",
    });
    expect(await allowancesLeft(core)).toEqual([{ ...left, amount: 100n }]);
    // What a packet takes that is being made is not left over.
    await reserve(wanted("13"));
    const release = holdPacket(core, "13");
    expect(await allowancesLeft(core)).toEqual([]);
    release();
    await expect(disallowPackets(core, left, { ...wallet, address: skm })).rejects.toMatchObject({
      code: "WALLET_WRONG_ACCOUNT",
    });
    await disallowPackets(core, left, wallet);
    expect(facts.allowance).toBe(0n);
    expect(await allowancesLeft(core)).toEqual([]);
    expect(requests).toHaveLength(2);
    // There is nothing left to be asked for.
    await disallowPackets(core, left, wallet);
    expect(requests).toHaveLength(2);
  });

  test("is taken back by the wallet that allowed it, also when the identity has another one since", async () => {
    const { core, facts, vault, wallet } = await tokenWorld({ allowance: 100n });
    const next: Address = `0x${"b2".repeat(20)}`;
    await keepAllowance(vault, { token: plain, owner: creator, at: core.now() - 1_000 });
    Object.assign(core.self.identity, { wallet: next });
    await keepAllowance(vault, { token: plain, owner: next, at: core.now() });
    const owners = async () => (await allowancesLeft(core)).map(({ owner }) => owner);
    expect(await owners()).toEqual([next, creator]);
    await expect(disallowPackets(core, left, { ...wallet, address: next })).rejects.toMatchObject({
      code: "WALLET_WRONG_ACCOUNT",
    });
    // A wallet that sends something else takes nothing back.
    const wrong = { ...wallet, sendTransaction: async () => zeroHash };
    await disallowPackets(core, left, wrong);
    expect(await owners()).toEqual([next, creator]);
    await disallowPackets(core, left, wallet);
    expect(facts.allowance).toBe(0n);
    facts.allowance = 7n;
    expect(await owners()).toEqual([next]);
  });

  test("is told although another token does not answer any more; where nobody answers, nobody says there is none", async () => {
    const { core, vault } = await tokenWorld({ allowance: 100n });
    await keepAllowance(vault, { token: `0x${"6".repeat(40)}`, owner: creator, at: core.now() });
    await keepAllowance(vault, { token: plain, owner: creator, at: core.now() });
    expect(await allowancesLeft(core)).toEqual([{ ...left, amount: 100n }]);
    core.chain.rpc.requestAt = () => Promise.reject(new SkrumbleError("CHAIN_UNREACHABLE"));
    await expect(allowancesLeft(core)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  });

  test("is announced before the wallet is asked", async () => {
    const { core, facts } = await tokenWorld();
    const prompts = (token: Address, amount = 100n) => packetPrompts(core, { asset: { chainId: 1, token }, amount });
    expect(await prompts(plain)).toEqual(["approve", "send"]);
    facts.allowance = 100n;
    expect(await prompts(plain)).toEqual(["send"]);
    expect(await prompts(plain, 101n)).toEqual(["approve", "send"]);
    expect(await prompts(zeroAddress)).toEqual(["send"]);
    expect(await prompts(skm)).toEqual(["sign"]);
    const elsewhere = { asset: { chainId: 2, token: plain }, amount: 1n };
    await expect(packetPrompts(core, elsewhere)).rejects.toMatchObject({ code: "PACKET_ASSET_UNSUPPORTED" });
  });
});
