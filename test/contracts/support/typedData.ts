import type { Contract, Signer, TypedDataDomain, TypedDataField } from "ethers";
import { ethers } from "./chain.ts";

export const parse = (fields: string): TypedDataField[] =>
  fields.split(",").map((field) => {
    const [type, name] = field.split(" ");
    return { type, name };
  });

/** The EIP-712 types as the interfaces document them; those of an agreement's terms are in agreements.ts. */
export const TYPES = {
  Registration: parse(
    "address owner,string name,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 deadline",
  ),
  Rename: parse("uint64 identityId,string name,uint256 nonce,uint256 deadline"),
  Rotate: parse(
    "uint64 identityId,bytes32 publicId,bytes32 agreementKey,address controller,bytes32 deviceRoot,uint256 nonce,uint256 deadline",
  ),
  SetDevices: parse("uint64 identityId,bytes32 deviceRoot,uint256 nonce,uint256 deadline"),
  SetController: parse("uint64 identityId,address controller,bytes32 deviceRoot,uint256 nonce,uint256 deadline"),
  Revoke: parse("uint64 identityId,uint256 nonce,uint256 deadline"),
  SetRecovery: parse("uint64 identityId,address recovery,uint256 nonce,uint256 deadline"),
  StartRecovery: parse("uint64 identityId,address newOwner,uint256 nonce,uint256 deadline"),
  CancelRecovery: parse("uint64 identityId,uint256 nonce,uint256 deadline"),
  AcceptRecovery: parse("uint64 identityId,uint256 nonce,uint256 deadline"),
  AnchorKey: parse("address operator"),
  Fee: parse(
    "address payer,address beneficiary,bytes32 feature,uint32 units,uint128 price,uint128 credit,uint40 deadline,bytes32 salt",
  ),
  Reward: parse("uint8 kind,address operator,uint256 cumulative,uint64 term"),
  Retract: parse("bytes32 agreementId,uint256 deadline"),
  Fund: parse("uint256 first,uint256 count,uint256 step,uint256 deadline"),
  Submit: parse("uint256 index,bytes32 evidence,uint256 step,uint256 deadline"),
  Accept: parse("uint256 index,uint256 amount,uint256 step,uint256 deadline"),
  Reject: parse("uint256 index,bytes32 reason,uint256 step,uint256 deadline"),
  Refund: parse("uint256 index,uint256 amount,uint256 step,uint256 deadline"),
  Dispute: parse("uint256 index,bytes32 reason,uint256 step,uint256 deadline"),
  Rule: parse("uint256 index,uint256 toPayee,uint256 step,uint256 deadline"),
  Extend: parse("uint256 index,uint256 due,uint256 step,uint256 deadline"),
  DeclareDefault: parse("uint256 index,uint256 step,uint256 deadline"),
  Cancel: parse("uint256 toPayee,uint256 step,uint256 deadline"),
  WithdrawTo: parse("address to,uint256 step,uint256 deadline"),
  Sweep: parse("address token,uint256 step,uint256 deadline"),
  Post: parse("uint64 poster,bytes32 listing,uint64 applyBy,uint256 nonce,uint256 deadline"),
  Edit: parse("uint64 jobId,bytes32 listing,uint64 applyBy,uint256 nonce,uint256 deadline"),
  Close: parse("uint64 jobId,uint256 nonce,uint256 deadline"),
  Rate: parse("bytes32 agreementId,uint64 rater,uint8 score,bytes32 comment,uint256 deadline"),
  Claim: parse("uint64 packetId,uint64 identityId,address recipient"),
  Packet: parse("address token,uint256 amount,uint8 shares,uint40 expiresAt,address key,bytes32 chainHead"),
  TransferWithAuthorization: parse(
    "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce",
  ),
  ReceiveWithAuthorization: parse(
    "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce",
  ),
  CancelAuthorization: parse("address authorizer,bytes32 nonce"),
  Permit: parse("address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"),
} as const;

export type TypeName = keyof typeof TYPES;

export interface Domain {
  name: string;
  chainId: bigint;
  verifyingContract: string;
}

/** Domain of a contract on the test chain. */
export async function domainOf(contract: Contract, name: string): Promise<Domain> {
  const { chainId } = await ethers.provider.getNetwork();
  return { name, chainId, verifyingContract: await contract.getAddress() };
}

export const sign = (
  signer: Signer,
  domain: Domain,
  type: TypeName,
  message: Record<string, unknown>,
): Promise<string> =>
  signer.signTypedData({ version: "1", ...domain } satisfies TypedDataDomain, { [type]: TYPES[type] }, message);
