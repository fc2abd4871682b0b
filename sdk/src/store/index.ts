export { eraseStore } from "./eraseStore.ts";
export { createIndexedDbStore, type IndexedDbStoreOptions } from "./indexeddb.ts";
export { lockStore } from "./lockStore.ts";
export { createMemoryStore } from "./memory.ts";
export { readStoreLock, type StoreLock } from "./readStoreLock.ts";
export { removeStoreLock } from "./removeStoreLock.ts";
export type { RangeOptions, Store, StoreKeys, StoreOp } from "./types.ts";
export { type StoreLockOptions, type UnlockedKey, unlockStore } from "./unlockStore.ts";
export { openVault, type RecordKey, type Vault, type VaultOp, type VaultPut, type VaultRange } from "./vault.ts";
