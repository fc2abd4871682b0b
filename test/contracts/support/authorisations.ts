import type { Contract, Signer } from "ethers";
import { ethers } from "./chain.ts";
import { type Domain, domainOf, sign } from "./typedData.ts";

/** Beyond any time of the tests. */
export const NEVER = 10n ** 11n;

const MOVE = "address,address,uint256,uint256,uint256,bytes32";
/** The functions of EIP-3009 by their whole names: with v, r, s, and with a signature of any length. */
export const SPLIT = {
  transfer: `transferWithAuthorization(${MOVE},uint8,bytes32,bytes32)`,
  receive: `receiveWithAuthorization(${MOVE},uint8,bytes32,bytes32)`,
  cancel: "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)",
} as const;
export const WHOLE = {
  transfer: `transferWithAuthorization(${MOVE},bytes)`,
  receive: `receiveWithAuthorization(${MOVE},bytes)`,
  cancel: "cancelAuthorization(address,bytes32,bytes)",
} as const;

export interface Move {
  from: string;
  to: string;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  nonce: string;
}

export type MoveType = "TransferWithAuthorization" | "ReceiveWithAuthorization";

export const signMove = async (
  token: Contract,
  signer: Signer,
  type: MoveType,
  move: Move,
  domain: Partial<Domain> = {},
): Promise<string> => sign(signer, { ...(await domainOf(token, "Skrumble")), ...domain }, type, { ...move });

export const argsOf = ({ from, to, value, validAfter, validBefore, nonce }: Move) =>
  [from, to, value, validAfter, validBefore, nonce] as const;

/** v, r, s, as they stand, without the checks of a library. */
export const split = (signature: string) =>
  [
    BigInt(ethers.dataSlice(signature, 64, 65)),
    ethers.dataSlice(signature, 0, 32),
    ethers.dataSlice(signature, 32, 64),
  ] as const;

/** The other signature that ECDSA takes for the same: s mirrored, v flipped. */
export function mirrored(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const [v, r, s] = split(signature);
  return ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), ethers.toBeHex(v === 27n ? 28 : 27)]);
}
