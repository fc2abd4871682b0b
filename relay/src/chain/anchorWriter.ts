import { relayRegistryAbi, sessionAnchorAbi } from "@skrumble/sdk/generated";
import {
  type Address,
  createPublicClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  type PublicClient,
  toHex,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { AnchorChain, AnchorPlace } from "../core/ports.ts";

export interface AnchorWriterOptions {
  rpcUrl: string;
  chainId: number;
  relayRegistry: Address;
  sessionAnchor: Address;
  anchorKey: Hex;
  /** Told about each attempt that did not work, for the log. */
  onTrouble(reason: AnchorTrouble): void;
}

export type AnchorTrouble = "chain-unreachable" | "not-registered" | "no-receipt" | "reverted";

export interface AnchorWriter extends AnchorChain {
  /** Asks the registry for this relay's number. Never rejects. */
  refreshRelayId(): Promise<number>;
  stop(): void;
}

/** Registers two storage slots and a log entry; far below this, and below the chain's cap for a transaction. */
const GAS = 200_000n;
const POLL_MS = 200;
/** Without a receipt for so long the transaction is sent again: a chain that was restored from a snapshot forgot it. */
const RESEND_MS = 8_000;
const PAUSE_MS = 1_000;

/** Puts roots on chain with the relay's anchor key. One at a time: the contract takes one per relay and block. */
export function createAnchorWriter(options: AnchorWriterOptions): AnchorWriter {
  const account = privateKeyToAccount(options.anchorKey);
  const client = createPublicClient({ transport: http(options.rpcUrl, { retryCount: 0, timeout: 5_000 }) });
  let relayId = 0;
  let stopped = false;

  async function refreshRelayId(): Promise<number> {
    try {
      relayId = await client.readContract({
        address: options.relayRegistry,
        abi: relayRegistryAbi,
        functionName: "relayByAnchorKey",
        args: [account.address],
      });
    } catch {
      // Unknown until the chain answers; the last known number stays.
    }
    return relayId;
  }

  async function attempt(root: Hex, leaves: number): Promise<AnchorPlace | AnchorTrouble> {
    if ((await refreshRelayId()) === 0) return "not-registered";
    const known = await find(client, options.sessionAnchor, relayId, root);
    if (known) return known;
    const raw = await sign(account, client, options, root, leaves);
    const hash = keccak256(raw);
    // A refusal may mean that the pool has it already: the receipt decides.
    await client.request({ method: "eth_sendRawTransaction", params: [raw] }).catch(() => undefined);
    for (let waited = 0; waited < RESEND_MS && !stopped; waited += POLL_MS) {
      await pause(POLL_MS);
      const receipt = await client.request({ method: "eth_getTransactionReceipt", params: [hash] });
      if (!receipt) continue;
      if (BigInt(receipt.status) !== 1n) return "reverted";
      return { relayId, blockNumber: BigInt(receipt.blockNumber), txHash: Buffer.from(hash.slice(2), "hex") };
    }
    return "no-receipt";
  }

  return {
    relayId: () => relayId,
    refreshRelayId,
    async anchor(root, leaves) {
      while (!stopped) {
        let outcome: AnchorPlace | AnchorTrouble;
        try {
          outcome = await attempt(toHex(root), leaves);
        } catch {
          outcome = "chain-unreachable";
        }
        if (typeof outcome !== "string") return outcome;
        if (stopped) break;
        options.onTrouble(outcome);
        await pause(PAUSE_MS);
      }
      throw new Error("stopped");
    },
    stop() {
      stopped = true;
    },
  };
}

/** Where this relay anchored `root` before, e.g. in a transaction sent right before a crash. */
async function find(
  client: PublicClient,
  sessionAnchor: Address,
  relayId: number,
  root: Hex,
): Promise<AnchorPlace | undefined> {
  const contract = { address: sessionAnchor, abi: sessionAnchorAbi } as const;
  const { blockNumber } = await client.readContract({ ...contract, functionName: "anchoredAt", args: [relayId, root] });
  if (blockNumber === 0n) return undefined;
  const range = { fromBlock: blockNumber, toBlock: blockNumber };
  const logs = await client.getContractEvents({
    ...contract,
    eventName: "Anchored",
    args: { relayId, root },
    ...range,
  });
  const hash = logs[0]?.transactionHash;
  return hash ? { relayId, blockNumber, txHash: Buffer.from(hash.slice(2), "hex") } : undefined;
}

/** The nonce comes from the chain each time, so sending again replaces what was lost instead of queueing behind it. */
async function sign(
  account: PrivateKeyAccount,
  client: PublicClient,
  { chainId, sessionAnchor }: AnchorWriterOptions,
  root: Hex,
  leaves: number,
): Promise<Hex> {
  const nonce = await client.getTransactionCount({ address: account.address, blockTag: "latest" });
  const data = encodeFunctionData({ abi: sessionAnchorAbi, functionName: "anchor", args: [root, leaves] });
  const fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  return account.signTransaction({ type: "eip1559", chainId, nonce, to: sessionAnchor, data, gas: GAS, ...fees });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
