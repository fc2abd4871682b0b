export { commitmentOf, commitName, type NameCommitment } from "./actions/commitName.ts";
export { isContract } from "./actions/isContract.ts";
export { type AnchorRecord, readAnchor } from "./actions/readAnchor.ts";
export { readDevices } from "./actions/readDevices.ts";
export { readHead } from "./actions/readHead.ts";
export { type IdentityQuery, readIdentity } from "./actions/readIdentity.ts";
export { readRelays } from "./actions/readRelays.ts";
export { readTier } from "./actions/readTier.ts";
export {
  type Registration,
  registerIdentity,
  registrationTypedData,
  registryDomain,
} from "./actions/registerIdentity.ts";
export { setDevices } from "./actions/setDevices.ts";
export { type Chain, createChain, type ReadOptions, readContract } from "./chain.ts";
export { fetchNetwork } from "./network.ts";
export { quorumRequest } from "./quorum.ts";
export { createRpc, type Rpc, RpcError, type RpcOptions } from "./rpc.ts";
export { revertName, type SubmitOptions, submit, type TransactionReceipt } from "./submit.ts";
export type { DirectoryRelay, IdentityRecord, NetworkInfo, RpcEndpoint } from "./types.ts";
