import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";
import { type SignedChange, submitSigned } from "../submitSigned.ts";

/**
 * Replaces the device list, signed by the controller key or the owner.
 * @throws SkrumbleError CHAIN_REJECTED (somebody changed the list meanwhile: read and try again), and what {@link submitSigned} throws
 */
export function setDevices(
  chain: Chain,
  input: {
    identityId: bigint;
    deviceRoot: Hex;
    /** Strictly ascending. */
    devices: Hex[];
    sign: (typedData: TypedDataRequest) => Promise<Hex>;
    /** Unix seconds. */
    deadline: bigint;
  },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { identityId, deviceRoot, devices, deadline, sign } = input;
  const change: SignedChange = {
    ...{ identityId, deadline, sign },
    counter: "deviceNonce",
    primaryType: "SetDevices",
    fields: [{ name: "deviceRoot", type: "bytes32", value: deviceRoot }],
    encode(signature: Hex) {
      const args = [identityId, devices, deadline, signature] as const;
      return encodeFunctionData({ abi: identityRegistryAbi, functionName: "setDevices", args });
    },
  };
  return submitSigned(chain, change, options);
}
