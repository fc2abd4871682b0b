import { type Hex, keccak256, numberToHex, stringToHex } from "viem";
import type { Chain } from "../../src/chain/chain.ts";
import type { TransactionRequest, WalletSigner } from "../../src/types/client.ts";
import type { Address } from "../../src/types/primitives.ts";
import { chainOver, type Registry } from "./world.ts";

export interface Sent {
  hash: Hex;
  from: Address;
  to: Address;
  value: bigint;
  nonce: number;
}

/** A chain whose coin people pay with, over the registry in memory: what was sent waits until somebody mines it. */
export interface CoinChain {
  chain: Chain;
  waiting: Sent[];
  /** By block. */
  blocks: Map<number, Sent[]>;
  head: number;
  /** Unix seconds of the newest block. */
  time: number;
  /** What an operator says instead of the truth, unless that is undefined. */
  lies: Record<string, (method: string, params: unknown[]) => unknown>;
  /** As a wallet that speaks to a node does; a second one with a number takes the place of the first. */
  send(from: Address, request: Omit<TransactionRequest, "chainId" | "data">): Hex;
  mine(): void;
  /** What moved to somebody. */
  paid(to: Address): bigint;
}

export function createCoinChain(registry: Registry, operators = ["one", "two", "three"]): CoinChain {
  const base = chainOver(registry);
  const minedOf = (from: Address, until: number) =>
    [...coin.blocks].filter(([at]) => at <= until).flatMap(([, all]) => all.filter((one) => one.from === from)).length;
  const shown = ({ value, nonce, ...rest }: Sent) => ({
    ...{ ...rest, value: numberToHex(value), nonce: numberToHex(nonce), input: "0x" },
  });
  const at = (block: unknown) => (block === "latest" || block === "pending" ? coin.head : Number(block));
  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    const [first, second] = params;
    const mined = [...coin.blocks].flatMap(([block, all]) => all.map((one) => ({ block, one })));
    switch (method) {
      case "eth_blockNumber":
        return numberToHex(coin.head);
      case "eth_getCode":
        return "0x";
      case "eth_getBalance":
        return numberToHex(10n ** 21n);
      case "eth_getBlockByNumber": {
        const number = at(first);
        if (number > coin.head) return null;
        const transactions = (coin.blocks.get(number) ?? []).map((one) => (second ? shown(one) : one.hash));
        return { number: numberToHex(number), timestamp: numberToHex(coin.time - coin.head + number), transactions };
      }
      case "eth_getTransactionCount": {
        const from = first as Address;
        const waits = coin.waiting.filter((one) => one.from === from).length;
        return numberToHex(minedOf(from, at(second)) + (second === "pending" ? waits : 0));
      }
      case "eth_getTransactionByHash": {
        const found = [...coin.waiting, ...mined.map(({ one }) => one)].find(({ hash }) => hash === first);
        return found ? shown(found) : null;
      }
      case "eth_getTransactionReceipt": {
        const found = mined.find(({ one }) => one.hash === first);
        return found
          ? { transactionHash: first, status: "0x1", blockNumber: numberToHex(found.block), logs: [] }
          : null;
      }
      case "eth_call":
        // A transfer of the coin runs no code.
        if ((first as { data?: Hex }).data === "0x") return "0x";
        return base.rpc.request(method, params);
      default:
        return base.rpc.request(method, params);
    }
  };
  const tell = async (operator: string, method: string, params: unknown[]) => {
    const lie = coin.lies[operator]?.(method, params);
    return lie === undefined ? answer(method, params) : lie;
  };
  const coin: CoinChain = {
    ...{ waiting: [], blocks: new Map(), head: 100, time: Math.floor(Date.now() / 1000), lies: {} },
    chain: {
      network: base.network,
      rpc: {
        request: (method, params) => tell(operators[0] as string, method, params),
        requestAt: ({ operator }, method, params) => tell(operator, method, params),
        endpoints: () => operators.map((operator) => ({ url: `memory:${operator}`, operator })),
      },
    },
    send(address, { to, value, nonce: wanted }) {
      const from = address.toLowerCase() as Address;
      const waits = coin.waiting.filter((one) => one.from === from).length;
      const nonce = wanted ?? minedOf(from, coin.head) + waits;
      if (nonce < minedOf(from, coin.head)) throw new Error("nonce too low");
      const hash = keccak256(stringToHex(`${from} ${to} ${value} ${nonce}`));
      coin.waiting = coin.waiting.filter((one) => one.from !== from || one.nonce !== nonce);
      coin.waiting.push({ hash, from, to: to.toLowerCase() as Address, value, nonce });
      return hash;
    },
    mine() {
      coin.head++;
      coin.time++;
      coin.blocks.set(coin.head, coin.waiting.splice(0));
    },
    paid: (to) =>
      [...coin.blocks.values()]
        .flat()
        .filter((one) => one.to === to.toLowerCase())
        .reduce((sum, { value }) => sum + value, 0n),
  };
  return coin;
}

/** A wallet on it. */
export const coinWallet = (coin: CoinChain, address: Address): WalletSigner => ({
  address,
  signTypedData: () => Promise.reject(new Error("asked to sign")),
  sendTransaction: async (request) => coin.send(address, request),
});
