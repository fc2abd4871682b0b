/**
 * The open SDK of Skrumble Network, for browsers and Node. Everything the dApp does, it does through this.
 * Node adds `@skrumble/sdk/node`; single chain actions are in `@skrumble/sdk/chain`.
 */
export { chooseNetwork } from "./client/chooseNetwork.ts";
export { createClient } from "./client/createClient.ts";
export type { ClientOptions } from "./client/options.ts";
export { type OwnedIdentity, type OwnerOptions, readOwnedIdentity } from "./client/ownedIdentity.ts";
export { removeDevices } from "./client/removeDevices.ts";
export { maxAsked, maxPaymentNote } from "./conversation/content/money.ts";
export { type GroupLink, parseGroupLink } from "./conversation/group/link.ts";
export { maxNote } from "./conversation/handshake.ts";
export { maxText } from "./conversation/limits.ts";
export { type CheckedLink, checkLink, type FoundLink, findLink, type LinkProblem } from "./conversation/links.ts";
export { type Argon2id, argon2id, argon2Parameters } from "./crypto/argon2id.ts";
export { argon2idInWorker } from "./crypto/argon2idInWorker.ts";
export {
  codeOf,
  type ErrorCategory,
  type ErrorCode,
  errorCodes,
  SkrumbleError,
  type SkrumbleErrorOptions,
} from "./errors/index.ts";
export { formatLink, type LinkTarget, parseLink } from "./identity/link.ts";
export { createLocalWallet, newWalletKey } from "./identity/localWallet.ts";
export { checkNameForm, isNormalName, type NameProblem, nameBytes, normalizeName } from "./identity/name.ts";
export { wasNotSent } from "./identity/wallet.ts";
export { withSending } from "./identity/withSending.ts";
export { formatAmount, parseAmount } from "./money/amounts.ts";
export {
  createIndexedDbStore,
  createMemoryStore,
  eraseStore,
  type IndexedDbStoreOptions,
  lockStore,
  type RangeOptions,
  readStoreLock,
  removeStoreLock,
  type Store,
  type StoreKeys,
  type StoreLock,
  type StoreLockOptions,
  type StoreOp,
  type UnlockedKey,
  unlockStore,
} from "./store/index.ts";
export type * from "./types/client.ts";
export type * from "./types/primitives.ts";
