import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";
import { type SignedChange, submitSigned } from "../submitSigned.ts";

/**
 * Replaces the controller and the device list at once, signed by the owner.
 * @throws SkrumbleError IDENTITY_REVOKED, WALLET_CHANGED_ACCOUNT (signature of another account), and what {@link submitSigned} throws
 */
export function setController(
  chain: Chain,
  input: {
    identityId: bigint;
    controller: Address;
    deviceRoot: Hex;
    /** Strictly ascending. */
    devices: Hex[];
    sign: (typedData: TypedDataRequest) => Promise<Hex>;
    /** Unix seconds. */
    deadline: bigint;
  },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { identityId, controller, deviceRoot, devices, deadline, sign } = input;
  const change: SignedChange = {
    ...{ identityId, deadline, sign },
    counter: "ownerNonce",
    primaryType: "SetController",
    fields: [
      { name: "controller", type: "address", value: controller },
      { name: "deviceRoot", type: "bytes32", value: deviceRoot },
    ],
    encode(signature: Hex) {
      const args = [identityId, controller, devices, deadline, signature] as const;
      return encodeFunctionData({ abi: identityRegistryAbi, functionName: "setController", args });
    },
  };
  return submitSigned(chain, change, options);
}
