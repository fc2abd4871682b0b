import type { TypedDataRequest } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";
import type { Chain } from "./chain.ts";

/** EIP-3009: SKM moves by what its owner has signed, whoever brings it to the chain. */
export interface TransferAuthorization {
  from: Address;
  to: Address;
  value: bigint;
  /** Unix seconds; it holds until the second before. */
  validBefore: bigint;
  /** 32 random bytes: no two authorisations of a wallet have the same. */
  nonce: Hex;
}

/**
 * What the wallet signs to move SKM. Valid from now on.
 * @param by who may bring it to the chain: anybody, or the recipient alone, for a contract that does more than take the money
 */
export const authorizationTypedData = (
  chain: Chain,
  authorization: TransferAuthorization,
  by: "anybody" | "recipient" = "anybody",
): TypedDataRequest => {
  const primaryType = by === "anybody" ? "TransferWithAuthorization" : "ReceiveWithAuthorization";
  return {
    domain: {
      ...{ name: "Skrumble", version: "1" },
      ...{ chainId: chain.network.chainId, verifyingContract: chain.network.contracts.skm },
    },
    types: {
      [primaryType]: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    primaryType,
    message: { ...authorization, validAfter: 0n },
  };
};
