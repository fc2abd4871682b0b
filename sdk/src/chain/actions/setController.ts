import { encodeFunctionData } from "viem";
import { identityRegistryAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import { type Chain, readContract } from "../chain.ts";
import { registryRejections } from "../rejections.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../submit.ts";
import { registryDomain } from "./registerIdentity.ts";

/**
 * Replaces the controller and the device list at once, signed by the owner.
 * @throws SkrumbleError IDENTITY_REVOKED, WALLET_CHANGED_ACCOUNT (signature of another account), and what {@link submit} throws
 */
export async function setController(
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
  const to = chain.network.contracts.identityRegistry;
  const registry = { address: to, abi: identityRegistryAbi };
  const nonce = await readContract(
    chain,
    { ...registry, functionName: "ownerNonce", args: [input.identityId] },
    options,
  );
  const { identityId, controller, deviceRoot, devices, deadline } = input;
  const signature = await input.sign({
    domain: registryDomain(chain),
    types: {
      SetController: [
        { name: "identityId", type: "uint64" },
        { name: "controller", type: "address" },
        { name: "deviceRoot", type: "bytes32" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "SetController",
    message: { identityId, controller, deviceRoot, nonce, deadline },
  });
  const args = [identityId, controller, devices, deadline, signature] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setController", args });
  return submit(chain, { to, data, abi: identityRegistryAbi, rejections: registryRejections }, options);
}
