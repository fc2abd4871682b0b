export { anchorLeafHash, anchorPairHash, anchorRoot } from "./anchorTree.ts";
export { compareBytes, concatBytes, equalBytes, fromHex, fromUtf8, toHex, u32Bytes, u64Bytes, utf8 } from "./bytes.ts";
export { decodeFrame } from "./decodeFrame.ts";
export { encodeFrame } from "./encodeFrame.ts";
export { ProtocolError, WIRE_ERRORS, type WireErrorCode, wireErrorName } from "./errors.ts";
export {
  type ClientFrame,
  FRAMES,
  type Frame,
  type FrameBody,
  type FrameName,
  type FrameOf,
  type RelayFrame,
} from "./frames.ts";
export * from "./limits.ts";
export { mailboxTag } from "./mailboxTag.ts";
export {
  type Hash,
  type MerkleTree,
  merkleProof,
  merkleRootFromProof,
  merkleTree,
  type PairHash,
  sortedPairHash,
} from "./merkle.ts";
export { DEPOSIT, MESSAGE } from "./offsets.ts";
export { isOrderEquivocation, type OrderEntry, orderEntryMessage, orderTag, verifyOrderEntry } from "./orderLog.ts";
export { isPaddingClass, type PaddingClass, paddingClassFor } from "./padding.ts";
export { type ReceiptLeaf, receiptLeafHash, receiptPairHash, receiptRoot } from "./receiptTree.ts";
export { chooseRelays, rendezvousScore } from "./rendezvous.ts";
export { deviceCertMessage, ownMessage, receiptRootMessage } from "./signedMessages.ts";
