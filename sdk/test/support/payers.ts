import { type Hex, zeroAddress } from "viem";
import { afterEach, beforeEach, expect } from "vitest";
import type { AnyChain } from "../../src/chain/chain.ts";
import { openConversation } from "../../src/conversation/openConversation.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Message, WalletSigner } from "../../src/types/client.ts";
import type { PayInput, PaymentBody } from "../../src/types/money.ts";
import type { Address } from "../../src/types/primitives.ts";
import { type CoinChain, coinWallet, createCoinChain } from "./coinChain.ts";
import { befriend, createRegistry, openPerson, type Registry, type TestPerson } from "./world.ts";

/** Wallets of Alice, who pays, and of Bob. */
export const [payer, payee]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b2".repeat(20)}`];
/** Somebody else's. */
export const other: Address = `0x${"c3".repeat(20)}`;
/** In milliseconds. */
export const hour = 3_600_000;
const operators = ["one", "two", "three"];

type Lie = CoinChain["lies"][string];

/** Every operator says the same instead of the truth. */
export const everyone = (lie: Lie): CoinChain["lies"] =>
  Object.fromEntries(operators.map((operator) => [operator, lie]));
/** It asks how many transactions there were at an earlier block. */
export const isOld = (method: string, [, at]: unknown[]): boolean =>
  method === "eth_getTransactionCount" && at !== "latest" && at !== "pending";

interface PayersOptions {
  /** Chain that is paid on. */
  chainId?: number;
  /** Chains beside the network's own, once its coin's chain is there. */
  further?(coin: CoinChain): AnyChain[];
}

/** Two people who may pay each other in a chain's coin, anew for every test of the file. */
export function createPayers({ chainId = 1, further = () => [] }: PayersOptions = {}) {
  let [registry, store] = [createRegistry(), createMemoryStore()];
  let ahead = 0;
  let open: TestPerson[] = [];
  const payers = {
    ...{ coin: {} as CoinChain, alice: {} as TestPerson, bob: {} as TestPerson },
    /** Their conversation. */
    id: "",
    get registry(): Registry {
      return registry;
    },
    /** Another device of somebody's, or the first one. */
    async start(seed: number, own = createMemoryStore()): Promise<TestPerson> {
      const now = () => Date.now() + ahead;
      const { chain } = payers.coin;
      const person = await openPerson(registry, seed, { store: own, chain, further: further(payers.coin), now });
      open.push(person);
      await person.core.payments.resume();
      return person;
    },
    /** Alice closes the page and opens it again. */
    async restart(): Promise<void> {
      const { alice } = payers;
      alice.close();
      await alice.core.payments.idle();
      await alice.core.serial.idle();
      await alice.core.outbox.close();
      await alice.core.vault.close();
      payers.alice = await payers.start(1, store);
    },
    /** The registry names their wallets. */
    own(): void {
      Object.assign(registry.entries.get(payers.alice.publicId) as object, { owner: payer });
      Object.assign(registry.entries.get(payers.bob.publicId) as object, { owner: payee });
    },
    /** Their clocks and the chain's go on. @param time in milliseconds */
    wait(time: number): void {
      ahead += time;
      payers.coin.time += time / 1000;
    },
    /** Alice pays Bob 100 of the coin. */
    pay(wallet: WalletSigner = coinWallet(payers.coin, payer), over: Partial<PayInput> = {}): Promise<Message> {
      const { alice, bob, id } = payers;
      const input = { to: bob.publicId, asset: { chainId, token: zeroAddress }, amount: 100n, ...over };
      return openConversation(alice.core, id, "").money.pay(input, wallet);
    },
    /** What comes of it when she pays. */
    outcome: (): Promise<string> =>
      payers.pay().then(
        () => "paid",
        ({ code }) => code as string,
      ),
    /** What a message of the conversation says of its payment. */
    async stateOf(message: string): Promise<{ state: PaymentBody["state"]; code: string | undefined } | undefined> {
      const all = await openConversation(payers.alice.core, payers.id, "").messages();
      const body = all.find((one) => one.id === message)?.body as PaymentBody | undefined;
      return body && { state: body.state, code: body.code };
    },
    /** What her wallet does when it is asked. */
    sends: async (request: Parameters<CoinChain["send"]>[1]): Promise<Hex> => payers.coin.send(payer, request),
    /** The page is closed while the wallet is asked; `send` is what the wallet does. */
    async closeWhileAsked(send?: WalletSigner["sendTransaction"]): Promise<void> {
      const asked = Promise.withResolvers<void>();
      const paying = payers
        .pay({
          ...coinWallet(payers.coin, payer),
          async sendTransaction(request) {
            await send?.(request);
            asked.resolve();
            return new Promise<Hex>(() => undefined);
          },
        })
        .catch((error) => error);
      await asked.promise;
      await payers.restart();
      expect(await paying).toMatchObject({ code: "ABORTED" });
    },
  };
  beforeEach(async () => {
    [registry, store, open, ahead] = [createRegistry(), createMemoryStore(), [], 0];
    payers.coin = createCoinChain(registry, operators);
    [payers.alice, payers.bob] = [await payers.start(1, store), await payers.start(2)];
    payers.own();
    payers.id = await befriend(payers.alice, payers.bob);
  });
  afterEach(async () => {
    for (const person of open) person.close();
    await Promise.all(open.map(({ core }) => core.payments.idle()));
  });
  return payers;
}
