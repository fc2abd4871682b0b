import { parseAbi } from "viem";
import type { TypedDataRequest } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";
import type { Chain } from "./chain.ts";

/** EIP-3009, with `bytes` for a signature so that contract wallets (EIP-1271) can sign too. SKM has it. */
export const eip3009Abi = parseAbi([
  "event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)",
  "event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)",
  "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)",
]);

export interface TransferAuthorization {
  from: Address;
  to: Address;
  value: bigint;
  /** Unix seconds; it holds until the second before. */
  validBefore: bigint;
  /** 32 random bytes: no two authorisations of a wallet have the same. */
  nonce: Hex;
}

/** What the wallet signs to move SKM. Valid from now on. */
export const authorizationTypedData = (chain: Chain, authorization: TransferAuthorization): TypedDataRequest => ({
  domain: {
    ...{ name: "Skrumble", version: "1" },
    ...{ chainId: chain.network.chainId, verifyingContract: chain.network.contracts.skm },
  },
  types: {
    TransferWithAuthorization: [
      { name: "from", type: "address" },
      { name: "to", type: "address" },
      { name: "value", type: "uint256" },
      { name: "validAfter", type: "uint256" },
      { name: "validBefore", type: "uint256" },
      { name: "nonce", type: "bytes32" },
    ],
  },
  primaryType: "TransferWithAuthorization",
  message: { ...authorization, validAfter: 0n },
});
