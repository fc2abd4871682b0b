import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeErrorResult,
  encodeEventTopics,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
  numberToHex,
  zeroHash,
} from "viem";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import type { Core } from "../../src/client/core.ts";
import { identityRegistryAbi, redPacketsAbi, skmAbi } from "../../src/generated/index.ts";
import type { Address, PublicId } from "../../src/types/primitives.ts";
import { contractsAt } from "./contracts.ts";

const [packets, skm, registry]: [Address, Address, Address] = [
  `0x${"1".repeat(40)}`,
  `0x${"2".repeat(40)}`,
  `0x${"3".repeat(40)}`,
];

/** What a chain with one packet, number 7, knows. */
export interface PacketFacts {
  packet: PacketRecord;
  /** In which it was made; undefined while it is not there. */
  block: number | undefined;
  owners: Record<PublicId, Address>;
  /** Its creator's signature. */
  used: boolean;
  /** Every transaction is refused: the signature was used. */
  refuses?: boolean;
  /** Transactions of its creator; those that wait are counted as well. */
  sent?: { mined: number; pending: number };
  /** What else one relay says waits of its creator's. */
  claimed?: number;
  /** Numbers of what its creator sent, by hash. */
  numbers?: Record<Hex, number>;
  head: number;
  /** Unix seconds. */
  time: number;
  /** What the packets may take of its token, which has no permits. */
  allowance?: bigint;
  /** Calls that the packets take; all others they refuse. */
  takes?: readonly string[];
}

function tokenCall(data: Hex, allowance: bigint): Hex {
  try {
    const { functionName } = decodeFunctionData({ abi: erc20Abi, data });
    if (functionName === "approve") return encodeFunctionResult({ abi: erc20Abi, functionName, result: true });
    if (functionName === "allowance") return encodeFunctionResult({ abi: erc20Abi, functionName, result: allowance });
  } catch {
    // It has no such function.
  }
  throw new RpcError(3, "execution reverted", "0x");
}

/** A core over such a chain with two relays; `lies` are what the one says that is asked alone. */
export function packetCore(facts: PacketFacts, lies: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const record = (publicId: PublicId) => ({
    ...{ owner: facts.owners[publicId] ?? packets, keyVersion: 1, registeredAt: 0n, revoked: false },
    ...{ controller: packets, devicesBlock: 1n, publicId, agreementKey: zeroHash, deviceRoot: zeroHash },
    ...{ saltName: zeroHash, name: "someone" },
  });
  const call = (to: Address, data: Hex): Hex => {
    if (to === registry) {
      const publicId: PublicId = `0x${data.slice(10)}`;
      const result = [1n, record(publicId)] as const;
      return encodeFunctionResult({ abi: identityRegistryAbi, functionName: "identityByPublicId", result });
    }
    if (to === skm)
      return encodeFunctionResult({ abi: skmAbi, functionName: "authorizationState", result: facts.used });
    if (to === facts.packet.token && facts.allowance !== undefined) return tokenCall(data, facts.allowance);
    if (to !== packets) throw new RpcError(3, "execution reverted", "0x");
    const { functionName } = decodeFunctionData({ abi: redPacketsAbi, data });
    if (facts.takes?.includes(functionName)) return "0x";
    if (functionName === "refund" || functionName === "create") throw new RpcError(3, "execution reverted", "0x");
    const result = { ...facts.packet, kept: 0n, seed: 0n, taken: 0n };
    if (functionName === "packet") return encodeFunctionResult({ abi: redPacketsAbi, functionName, result });
    const args = [packets, zeroHash] as const;
    throw new RpcError(
      3,
      "execution reverted",
      encodeErrorResult({ abi: skmAbi, errorName: "ERC3009NonceUsed", args }),
    );
  };
  const created = () => {
    const { creator, token, total, shares, expiresAt, key, chainHead } = facts.packet;
    const args = { packetId: 7n, creator, token };
    const types = ["uint256", "uint8", "uint40", "address", "bytes32"].map((type) => ({ type }));
    return {
      topics: encodeEventTopics({ abi: redPacketsAbi, eventName: "PacketCreated", args }),
      data: encodeAbiParameters(types, [total, shares, expiresAt, key, chainHead]),
      blockNumber: numberToHex(facts.block ?? 0),
    };
  };
  const answer = async (method: string, params: unknown[]): Promise<unknown> => {
    asked.push(method);
    const [first] = params;
    switch (method) {
      case "eth_blockNumber":
        return numberToHex(facts.head);
      case "eth_getBlockByNumber":
        return { number: first === "latest" ? numberToHex(facts.head) : first, timestamp: numberToHex(facts.time) };
      case "eth_getTransactionCount":
        return numberToHex(facts.sent?.[params[1] === "pending" ? "pending" : "mined"] ?? 0);
      case "eth_getTransactionByHash": {
        const nonce = facts.numbers?.[first as Hex];
        const sent = { hash: first, from: facts.packet.creator, to: packets, value: "0x0", input: "0x" };
        return nonce === undefined ? null : { ...sent, nonce: numberToHex(nonce) };
      }
      case "eth_getCode":
        return "0x";
      case "eth_sendRawTransaction":
        return zeroHash;
      case "eth_getTransactionReceipt":
        return { status: facts.refuses ? "0x0" : "0x1", blockNumber: numberToHex(facts.head) };
      case "eth_getLogs": {
        const { fromBlock, toBlock, topics } = first as { fromBlock: Hex; toBlock: Hex; topics: (Hex | null)[] };
        const { block = -1 } = facts;
        const log = created();
        const fits = topics.every((topic, at) => topic === null || topic === log.topics[at]);
        return fits && block >= Number(fromBlock) && block <= Number(toBlock) ? [log] : [];
      }
      default: {
        const { to, data } = first as { to: Address; data: Hex };
        return call(to, data);
      }
    }
  };
  const kept: unknown[] = [];
  const core = {
    signal: new AbortController().signal,
    now: () => facts.time * 1000,
    vault: { write: async (ops: unknown[]) => void kept.push(...ops) },
    chain: {
      network: { chainId: 1, contracts: { ...contractsAt(packets), skm, identityRegistry: registry } },
      rpc: {
        endpoints: () => ["one", "two"].map((operator) => ({ url: operator, operator })),
        request: async (method: string, params: unknown[]) => lies[method] ?? answer(method, params),
        requestAt: async ({ operator }: { operator: string }, method: string, params: unknown[]) =>
          operator === "one" &&
          facts.claimed !== undefined &&
          method === "eth_getTransactionCount" &&
          params[1] === "pending"
            ? numberToHex(facts.claimed)
            : answer(method, params),
      },
    },
  } as unknown as Core;
  return { core, asked, kept, skm };
}
