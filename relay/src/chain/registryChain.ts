import { identityRegistryAbi } from "@skrumble/sdk/generated";
import { touchedSlots } from "@skrumble/sdk/shards";
import {
  type Address,
  createPublicClient,
  fromRlp,
  type Hex,
  hexToBytes,
  http,
  isHex,
  keccak256,
  numberToHex,
  parseEventLogs,
} from "viem";
import type { ShardChain } from "../shards/shardKeeper.ts";
import { spentCommitment } from "./spentCommitment.ts";

export interface RegistryChainOptions {
  rpcUrl: string;
  chainId: number;
  registry: Address;
}

/** Events that follow from a reveal. */
const revealing = ["Registered", "Renamed", "KeysChanged"];
/** What an answer may have; fewer blocks are asked for where one has more. An event has some 700 bytes. */
const mostBytes = 8 * 1_048_576;
/** Transactions that are asked for at once, to see what they reveal. What the others do is found in the trie. */
const mostReveals = 1_000;

/** The identity registry as a relay's own node has it. */
export function createRegistryChain({ rpcUrl, chainId, registry }: RegistryChainOptions): ShardChain {
  const transport = http(rpcUrl, {
    retryCount: 1,
    timeout: 20_000,
    batch: { batchSize: 250, wait: 0 },
    maxResponseBodySize: mostBytes,
  });
  const client = createPublicClient({ transport, cacheTime: 0 });

  return {
    async block(number) {
      // Each time: behind one address there may be another node tomorrow.
      const [chain, block] = await Promise.all([
        client.getChainId(),
        client.getBlock(number === undefined ? { blockTag: "latest" } : { blockNumber: number }),
      ]);
      if (chain !== chainId) throw new Error("That is another chain.");
      return { number: block.number, time: block.timestamp, hash: hexToBytes(block.hash) };
    },

    async changes(from, to, isRecent) {
      const logs = await client.getLogs({ address: registry, fromBlock: from, toBlock: to });
      const events = parseEventLogs({ abi: identityRegistryAbi, logs, strict: true });
      const touched = events.map(touchedSlots);
      const reveals = events.filter(({ eventName }) => revealing.includes(eventName));
      // Registering tells more than once.
      const hashes = [...new Set(reveals.map(({ transactionHash }) => transactionHash))].slice(0, mostReveals);
      const spent = isRecent ? await Promise.all(hashes.map((hash) => spentCommitment(client, registry, hash))) : [];
      return {
        slots: touched.flatMap(({ slots }) => slots.map((slot) => hexToBytes(slot))),
        commitments: touched.flatMap(({ committed }) => (committed ? [hexToBytes(committed)] : [])),
        spent: spent.flatMap((slot) => (slot ? [hexToBytes(slot)] : [])),
      };
    },

    words(slots, block) {
      const wordOf = async (slot: Uint8Array) => {
        const hex = `0x${Buffer.from(slot).toString("hex")}` as const;
        const word = await client.getStorageAt({ address: registry, slot: hex, blockNumber: block });
        if (!isHex(word) || word.length > 66) throw new Error("That is no word.");
        const value = BigInt(word === "0x" ? "0x0" : word);
        return {
          slot,
          key: keccak256(slot, "bytes"),
          value: value === 0n ? new Uint8Array(0) : hexToBytes(evenHex(value)),
        };
      };
      return Promise.all(slots.map(wordOf));
    },

    async root(block) {
      const { storageHash } = await client.getProof({ address: registry, storageKeys: [], blockNumber: block });
      return hexToBytes(storageHash);
    },

    async branch(slot, digits, block) {
      const storageKeys = [`0x${Buffer.from(slot).toString("hex")}` as const];
      const { storageProof } = await client.getProof({ address: registry, storageKeys, blockNumber: block });
      return childrenAt(storageProof[0]?.proof ?? [], digits);
    },
  };
}

/** Hashes in the node at a number of digits in a proof; undefined where it, or one on the way to it, is no branch of hashes. */
export function childrenAt(proof: readonly Hex[], digits: number): (Uint8Array | undefined)[] | undefined {
  const nodes = proof.slice(0, digits + 1).map((node) => fromRlp(node, "bytes"));
  if (nodes.length <= digits || nodes.some((node) => node.length !== 17)) return undefined;
  const children = [...(nodes[digits] ?? [])].slice(0, 16);
  if (!children.every((child) => child instanceof Uint8Array)) return undefined;
  return children.map((child) => (child.length > 0 ? child : undefined));
}

const evenHex = (value: bigint): Hex => numberToHex(value, { size: Math.ceil(value.toString(16).length / 2) });
