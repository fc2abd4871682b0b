import type { Contract, Signer, TypedDataDomain, TypedDataField } from "ethers";
import { ethers } from "./chain.ts";

const parse = (fields: string): TypedDataField[] =>
  fields.split(",").map((field) => {
    const [type, name] = field.split(" ");
    return { type, name };
  });

/** The EIP-712 types as IIdentityRegistry and IRelayRegistry document them. */
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
