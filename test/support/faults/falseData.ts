import { toFunctionSelector } from "viem";
import { type Fault, resultOf } from "./fault.ts";

/** A node that says of everything in a block that it failed, and of what failed that it went through. */
export const falseReceipts = (): Fault => ({
  change({ method }, outcome) {
    const receipt = resultOf(outcome) as { status?: string } | null | undefined;
    if (method !== "eth_getTransactionReceipt" || !receipt?.status) return outcome;
    return { result: { ...receipt, status: receipt.status === "0x1" ? "0x0" : "0x1", logs: [] } };
  },
});

/** A node that makes up the amounts of events: every last word of their data is the highest there is. */
export const falseLogs = (): Fault => ({
  change({ method }, outcome) {
    const logs = resultOf(outcome);
    if (method !== "eth_getLogs" || !Array.isArray(logs) || logs.length === 0) return outcome;
    return { result: logs.map((log) => ({ ...log, data: log.data.replace(/[0-9a-f]{64}$/i, "f".repeat(64)) })) };
  },
});

/**
 * A node that gives every call of a contract another answer: the last bit of it, which turns a yes into a no. But a relay that asks for its
 * own number is told the truth: who lies to people by their node does not lie to themselves.
 */
export const falseCalls = (): Fault => ({
  change({ method, params: [call] }, outcome) {
    const word = resultOf(outcome);
    if (method !== "eth_call" || typeof word !== "string" || word.length <= 2) return outcome;
    const { data, input } = call as Partial<Record<"data" | "input", string>>;
    return (data ?? input)?.startsWith(askForOwnNumber) ? outcome : { result: flipped(word) };
  },
});

const askForOwnNumber = toFunctionSelector("relayByAnchorKey(address)");

/** A node that makes everybody rich. */
export const falseBalances = (): Fault => ({
  change({ method }, outcome) {
    const units = resultOf(outcome);
    if (method !== "eth_getBalance" || typeof units !== "string") return outcome;
    return { result: `0x${(BigInt(units) + 10n ** 24n).toString(16)}` };
  },
});

/**
 * A node that has other blocks: without transactions, with another state and time. Not the first block, which says which chain
 * it is: see otherChain.
 * @param seconds by which they are too late
 */
export const falseBlocks = (seconds: number): Fault => ({
  change({ method }, outcome) {
    const block = resultOf(outcome) as Record<"hash" | "stateRoot" | "number" | "timestamp", string> | null | undefined;
    if (method !== "eth_getBlockByNumber" || !block || Number(block.number) === 0) return outcome;
    const timestamp = `0x${(Number(block.timestamp) + seconds).toString(16)}`;
    const [hash, stateRoot] = [flipped(block.hash), flipped(block.stateRoot)];
    return { result: { ...block, hash, stateRoot, timestamp, transactions: [] } };
  },
});

/** A node that proves what is not in the state: every word it is asked for is another one. */
export const falseProofs = (): Fault => ({
  change({ method }, outcome) {
    const proof = resultOf(outcome) as { storageProof: { value: string }[] } | null | undefined;
    if (method !== "eth_getProof" || !proof?.storageProof?.length) return outcome;
    const storageProof = proof.storageProof.map((word) => ({ ...word, value: flipped(word.value) }));
    return { result: { ...proof, storageProof } };
  },
});

const flipped = (hex: string): string => `${hex.slice(0, -1)}${(Number.parseInt(hex.slice(-1), 16) ^ 1).toString(16)}`;
