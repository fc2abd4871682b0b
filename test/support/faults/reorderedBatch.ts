import type { Fault } from "./fault.ts";

/** The answers of a batch in the opposite order, as JSON-RPC 2.0 allows: their ids say what they answer. */
export const reorderedBatch = (): Fault => ({
  arrange: (answers) => (answers.length > 1 ? answers.toReversed() : answers),
});
