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
