export { createRelayPool, RELAY_POOL_LIMITS } from "./createRelayPool.ts";
export type * from "./types.ts";
export { verifyReceipt } from "./verifyReceipt.ts";
