import { type Fault, resultOf } from "./fault.ts";

/** Events come twice, and the later ones first, as from a node that merges what it has in memory and on disk. */
export const repeatedLogs = (): Fault => ({
  change({ method }, outcome) {
    const logs = resultOf(outcome);
    if (method !== "eth_getLogs" || !Array.isArray(logs) || logs.length === 0) return outcome;
    return { result: [...logs, ...logs].toReversed() };
  },
});
