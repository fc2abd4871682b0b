export { createIndexedDbStore, type IndexedDbStoreOptions } from "./indexeddb.ts";
export { createMemoryStore } from "./memory.ts";
export type { RangeOptions, Store, StoreKeys, StoreOp } from "./types.ts";
export { openVault, type RecordKey, type Vault, type VaultOp, type VaultPut, type VaultRange } from "./vault.ts";
