import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Hex } from "../../types/primitives.ts";
import { type Chain, readContract } from "../chain.ts";
import { registryRejections } from "../rejections.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../submit.ts";
import { registryDomain } from "./registerIdentity.ts";

/**
 * Replaces the device list, signed by the controller key or the owner.
 * @throws SkrumbleError CHAIN_REJECTED (somebody changed the list meanwhile: read and try again), and what {@link submit} throws
 */
export async function setDevices(
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
  const to = chain.network.contracts.identityRegistry;
  const registry = { address: to, abi: identityRegistryAbi };
  const nonce = await readContract(
    chain,
    { ...registry, functionName: "deviceNonce", args: [input.identityId] },
    options,
  );
  const { identityId, deviceRoot, devices, deadline } = input;
  const signature = await input.sign({
    domain: registryDomain(chain),
    types: {
      SetDevices: [
        { name: "identityId", type: "uint64" },
        { name: "deviceRoot", type: "bytes32" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "SetDevices",
    message: { identityId, deviceRoot, nonce, deadline },
  });
  const args = [identityId, devices, deadline, signature] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setDevices", args });
  return submit(chain, { to, data, abi: identityRegistryAbi, rejections: registryRejections }, options);
}
