import { identityRegistryAbi } from "@skrumble/sdk/generated";
import { touchedSlots } from "@skrumble/sdk/shards";
import {
  type Address,
  createPublicClient,
  type Hex,
  hexToBytes,
  http,
  isHex,
  keccak256,
  numberToHex,
  parseEventLogs,
} from "viem";
import type { ShardChain } from "../shards/shardKeeper.ts";

/** The identity registry as a relay's own node has it. */
export function createRegistryChain({ rpcUrl, registry }: { rpcUrl: string; registry: Address }): ShardChain {
  const transport = http(rpcUrl, { retryCount: 1, timeout: 20_000, batch: { batchSize: 250, wait: 0 } });
  const client = createPublicClient({ transport, cacheTime: 0 });

  return {
    async block(number) {
      const block = await client.getBlock(number === undefined ? { blockTag: "latest" } : { blockNumber: number });
      return { number: block.number, time: block.timestamp };
    },

    async changes(from, to) {
      const logs = await client.getLogs({ address: registry, fromBlock: from, toBlock: to });
      const touched = parseEventLogs({ abi: identityRegistryAbi, logs, strict: true }).map(touchedSlots);
      return {
        slots: touched.flatMap(({ slots }) => slots.map((slot) => hexToBytes(slot))),
        commitments: touched.flatMap(({ committed }) => (committed ? [hexToBytes(committed)] : [])),
        spent: touched.some(({ spent }) => spent),
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
  };
}

const evenHex = (value: bigint): Hex => numberToHex(value, { size: Math.ceil(value.toString(16).length / 2) });
