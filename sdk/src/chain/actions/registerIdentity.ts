import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Address, Hex, PublicId } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";
import { registryDomain, submitToRegistry } from "../submitSigned.ts";

/** What the owner's wallet signs to register. */
export interface Registration {
  owner: Address;
  name: string;
  publicId: PublicId;
  agreementKey: Hex;
  controller: Address;
  deviceRoot: Hex;
  /** Unix seconds. */
  deadline: bigint;
}

export const registrationTypedData = (chain: Chain, registration: Registration): TypedDataRequest => ({
  domain: registryDomain(chain),
  types: {
    Registration: [
      { name: "owner", type: "address" },
      { name: "name", type: "string" },
      { name: "publicId", type: "bytes32" },
      { name: "agreementKey", type: "bytes32" },
      { name: "controller", type: "address" },
      { name: "deviceRoot", type: "bytes32" },
      { name: "deadline", type: "uint256" },
    ],
  },
  primaryType: "Registration",
  message: { ...registration },
});

/**
 * Reveals a committed name and registers the identity.
 * @throws SkrumbleError NAME_TAKEN, WALLET_HAS_IDENTITY, WALLET_CHANGED_ACCOUNT (signature of another account), and what {@link submitToRegistry} throws
 */
export function registerIdentity(
  chain: Chain,
  input: { registration: Registration; secret: Hex; devices: Hex[]; signature: Hex },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { registration, secret, devices, signature } = input;
  const data = encodeFunctionData({
    abi: identityRegistryAbi,
    functionName: "registerFor",
    args: [registration, secret, devices, signature],
  });
  return submitToRegistry(chain, data, options);
}
