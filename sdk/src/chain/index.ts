export { claimPacket } from "./actions/claimPacket.ts";
export { commitmentOf, commitName, type NameCommitment } from "./actions/commitName.ts";
export { createPacket, type PacketTerms, packetNonce, packetTypedData } from "./actions/createPacket.ts";
export { isContract } from "./actions/isContract.ts";
export { type FeeAuthority, feeReceipt, feeTypedData, payFee } from "./actions/payFee.ts";
export { payPacket } from "./actions/payPacket.ts";
export { type AnchorRecord, readAnchor } from "./actions/readAnchor.ts";
export { readDevices } from "./actions/readDevices.ts";
export { readHead } from "./actions/readHead.ts";
export { readIdentity } from "./actions/readIdentity.ts";
export { type PacketRecord, readPacket } from "./actions/readPacket.ts";
export { readPrice } from "./actions/readPrice.ts";
export { readReceipt } from "./actions/readReceipt.ts";
export { type ReadRelaysOptions, readRelays } from "./actions/readRelays.ts";
export { readShardedIdentities } from "./actions/readShardedIdentities.ts";
export { type PacketTicket, readTicket } from "./actions/readTicket.ts";
export { readTier } from "./actions/readTier.ts";
export { refundPacket } from "./actions/refundPacket.ts";
export { type Registration, registerIdentity, registrationTypedData } from "./actions/registerIdentity.ts";
export { setDevices } from "./actions/setDevices.ts";
export {
  type Chain,
  type ChainOptions,
  type Checkpoints,
  createChain,
  type ReadOptions,
  readContract,
} from "./chain.ts";
export { fetchNetwork } from "./network.ts";
export { provenanceOf } from "./provenance.ts";
export { quorumRequest } from "./quorum.ts";
export { createRpc, type Rpc, RpcError, type RpcOptions } from "./rpc.ts";
export { revertName, type SubmitOptions, submit, type TransactionReceipt } from "./submit.ts";
export { registryDomain } from "./submitSigned.ts";
export type {
  DirectoryRelay,
  IdentityQuery,
  IdentityRecord,
  NetworkInfo,
  RpcEndpoint,
  ShardedIdentity,
  ValidatorsAt,
} from "./types.ts";
