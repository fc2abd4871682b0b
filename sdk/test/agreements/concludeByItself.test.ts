import { decodeFunctionData, encodeErrorResult, encodeFunctionResult, type Hex, numberToHex, zeroAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterEach, expect, test, vi } from "vitest";
import { concludeByItself, failureOf } from "../../src/agreements/inChat/concludeByItself.ts";
import { watchAgreement } from "../../src/agreements/inChat/watch.ts";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import { termsOf, termsTypedData } from "../../src/agreements/termsOf.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import type { Core } from "../../src/client/core.ts";
import { createEmitter } from "../../src/client/events.ts";
import { createSerial } from "../../src/client/serial.ts";
import type { StoredStep } from "../../src/conversation/content/agreement.ts";
import { agreementOps } from "../../src/conversation/content/agreementIndex.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { agreementsAbi } from "../../src/generated/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { Message } from "../../src/types/client.ts";
import type { Address, PublicId } from "../../src/types/primitives.ts";
import { partyOf, promise } from "../support/agreements.ts";
import { contractsAt } from "../support/contracts.ts";

/** An agreement that all have signed is not given up for one relay's no. */

afterEach(() => {
  vi.useRealTimers();
});

const accounts = [generatePrivateKey(), generatePrivateKey()].map((key) => privateKeyToAccount(key));
const draft = parseDraft(
  promise({
    parties: accounts.map(({ address }, at) =>
      partyOf("party", at ? "bob" : "alice", at + 1, address.toLowerCase() as Address),
    ),
  }),
);
const [alice, bob] = draft.parties.map(({ publicId }) => publicId) as [PublicId, PublicId];
const agreement = "1".repeat(32);
const place = { conversationId: "c", agreement };
const at: Address = `0x${"1".repeat(40)}`;
const network = { chainId: 31_337, name: "A chain", contracts: contractsAt(at) };

/** @param refuses whether the relay says that the contract does */
async function world(state: { refuses: boolean; now: number }) {
  let sent = 0;
  let concluded = false;
  const answer = async (method: string, [first]: [Hex]): Promise<unknown> => {
    switch (method) {
      case "eth_getCode":
        return "0x";
      case "eth_sendRawTransaction":
        sent++;
        concluded = !state.refuses;
        return first;
      case "eth_getTransactionReceipt":
        return { status: state.refuses ? "0x0" : "0x1", blockNumber: numberToHex(5) };
      default: {
        const { data } = first as unknown as { data: Hex };
        const { functionName } = decodeFunctionData({ abi: agreementsAbi, data });
        if (functionName === "conclude")
          throw new RpcError(
            3,
            "reverted",
            encodeErrorResult({ abi: agreementsAbi, errorName: "AgreementMissingText" }),
          );
        const result = functionName === "agreement" ? { escrow: zeroAddress, concludedAt: concluded ? 7n : 0n } : false;
        return encodeFunctionResult({ abi: agreementsAbi, functionName, result } as never);
      }
    }
  };
  const vault = await openVault(createMemoryStore());
  const messages = new Map<string, HistoryMessage>();
  const closing = new AbortController();
  const events = createEmitter<{ message: Message }>();
  const core = {
    ...{ signal: closing.signal, now: () => state.now, vault, self: { identity: { publicId: alice } } },
    serial: createSerial(),
    book: { all: () => [] },
    threads: { get: () => undefined, message: async (_: string, id: string) => messages.get(id) },
    events,
    chain: {
      network,
      rpc: {
        endpoints: () => ["one", "two"].map((operator) => ({ url: operator, operator })),
        request: answer,
        requestAt: (_: unknown, method: string, params: [Hex]) => answer(method, params),
      },
    },
  } as unknown as Core;
  const say = async (n: number, from: PublicId, step: StoredStep) => {
    const id = `${n}`.repeat(32);
    const message: HistoryMessage = {
      ...{ id, number: n, from, outgoing: false, at: n, delivery: "delivered" },
      body: { type: "agreement", step },
    };
    messages.set(id, message);
    await vault.write(agreementOps("c", message));
  };
  const sign = async (n: number, who: number) => {
    const typed = termsTypedData(termsOf(draft), network);
    const account = accounts[who] as (typeof accounts)[0];
    const signature = await account.signTypedData(typed as Parameters<typeof account.signTypedData>[0]);
    const wallet = account.address.toLowerCase() as Address;
    await say(n, [alice, bob][who] as PublicId, {
      did: "signed",
      of: agreement,
      version: agreement,
      wallet,
      signature,
    });
  };
  const hear = (): void =>
    events.emit("message", { conversationId: "c", body: { type: "agreement", agreement } } as Message);
  return { core, say, sign, hear, closing, sent: () => sent };
}

test("what the chain does not take is said, and tried again after a pause that grows", async () => {
  const state = { refuses: true, now: Date.now() };
  const { core, say, sign, sent } = await world(state);
  await say(1, bob, { did: "proposed", draft: draftToJson(draft) });
  await sign(2, 1);
  expect(await concludeByItself(core, place)).toBe("done");
  await sign(3, 0);
  expect(await concludeByItself(core, place)).toBe("later");
  expect([failureOf(core, "c", agreement), sent()]).toEqual(["CHAIN_REJECTED", 1]);
  expect(failureOf(core, "d", agreement)).toBeUndefined();
  expect(await concludeByItself(core, place)).toBe("later");
  expect(sent()).toBe(1);
  state.now += 10_000;
  expect(await concludeByItself(core, place)).toBe("later");
  state.now += 10_000;
  expect(await concludeByItself(core, place)).toBe("later");
  expect(sent()).toBe(2);
  state.now = draft.signBy * 1000 + 1;
  expect(await concludeByItself(core, place)).toBe("done");
});

test("what all have signed is put on chain, and is done, where the conversation takes no word of it", async () => {
  const { core, say, sign, sent } = await world({ refuses: false, now: Date.now() });
  await say(1, bob, { did: "proposed", draft: draftToJson(draft) });
  await sign(2, 1);
  await sign(3, 0);
  expect(await concludeByItself(core, place)).toBe("done");
  expect(sent()).toBe(1);
  expect(await concludeByItself(core, place)).toBe("done");
});

test("whoever looks at an agreement that is not there is told so, and of the agreement once it is", async () => {
  const { core, say, closing } = await world({ refuses: false, now: Date.now() });
  const heard: string[] = [];
  const seen = new Promise<void>((resolve) => {
    watchAgreement(
      core,
      "c",
      agreement,
      ({ state }) => {
        heard.push(state);
        resolve();
      },
      ({ code }) => {
        heard.push(code);
        void say(1, bob, { did: "proposed", draft: draftToJson(draft) });
      },
    );
  });
  await seen;
  closing.abort();
  expect(heard).toEqual(["MESSAGE_UNKNOWN", "proposed"]);
});

test("whoever looks at one is told at once that a message of it has come, before it is known what follows from that", async () => {
  const state = { refuses: false, now: Date.now() };
  const { core, say, hear, closing } = await world(state);
  await say(1, bob, { did: "proposed", draft: draftToJson(draft) });
  const heard: (boolean | undefined)[] = [];
  let resolve = () => {};
  const next = () => new Promise<void>((done) => (resolve = done));
  let looked = next();
  watchAgreement(core, "c", agreement, ({ behind }) => {
    heard.push(behind);
    if (!behind) resolve();
  });
  await looked;
  looked = next();
  hear();
  expect(heard).toEqual([undefined, true]);
  hear();
  await looked;
  expect(heard.at(-1)).toBeUndefined();
  closing.abort();
});

test("whoever writes one message after the other keeps nobody from acting", async () => {
  const state = { refuses: false, now: Date.now() };
  const { core, say, hear, closing } = await world(state);
  await say(1, bob, { did: "proposed", draft: draftToJson(draft) });
  const heard: (boolean | undefined)[] = [];
  await new Promise<void>((resolve) => {
    watchAgreement(core, "c", agreement, ({ behind }) => {
      heard.push(behind);
      if (!behind && heard.length > 1) return resolve();
      state.now += 4_000;
      hear();
    });
  });
  closing.abort();
  expect(heard.slice(0, 2)).toEqual([undefined, true]);
  expect(heard.length).toBeLessThan(6);
});

test("a look that hangs keeps nobody from acting for long", async () => {
  vi.useFakeTimers();
  const state = { refuses: false, now: Date.now() };
  const { core, say, hear, closing } = await world(state);
  await say(1, bob, { did: "proposed", draft: draftToJson(draft) });
  const heard: (boolean | undefined)[] = [];
  watchAgreement(core, "c", agreement, ({ behind }) => heard.push(behind));
  while (heard.length === 0) await vi.advanceTimersByTimeAsync(100);
  Object.assign(core.threads, { message: () => new Promise(() => {}) });
  hear();
  expect(heard).toEqual([undefined, true]);
  state.now += 10_000;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard).toEqual([undefined, true, undefined]);
  closing.abort();
});
