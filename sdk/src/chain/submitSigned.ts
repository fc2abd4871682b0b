import { identityRegistryAbi } from "../generated/index.ts";
import type { TypedDataRequest } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { type Chain, readContract } from "./chain.ts";
import { registryRejections } from "./rejections.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "./submit.ts";

export const registryDomain = (chain: Chain): TypedDataRequest["domain"] => ({
  name: "Skrumble IdentityRegistry",
  version: "1",
  chainId: chain.network.chainId,
  verifyingContract: chain.network.contracts.identityRegistry,
});

/** A change of an identity that is signed with the next number of a counter, so that it holds once. */
export interface SignedChange {
  identityId: bigint;
  counter: "ownerNonce" | "deviceNonce";
  /** EIP-712 name of it, and what stands between identity and counter. */
  primaryType: string;
  fields: readonly { name: string; type: string; value: Hex | Address }[];
  /** Unix seconds. */
  deadline: bigint;
  sign(typedData: TypedDataRequest): Promise<Hex>;
  /** The call that carries it. */
  encode(signature: Hex): Hex;
}

/** @throws what {@link readContract}, the signer and {@link submit} throw */
export async function submitSigned(
  chain: Chain,
  { identityId, counter, primaryType, fields, deadline, sign, encode }: SignedChange,
  options: SubmitOptions,
): Promise<TransactionReceipt> {
  const registry = { address: chain.network.contracts.identityRegistry, abi: identityRegistryAbi };
  // By two operators: what is signed for a number that one made up is refused now, and may be carried later.
  const call = { ...registry, functionName: counter, args: [identityId] } as const;
  const nonce = await readContract(chain, call, { ...options, quorum: true });
  const signature = await sign({
    domain: registryDomain(chain),
    types: {
      [primaryType]: [
        { name: "identityId", type: "uint64" },
        ...fields.map(({ name, type }) => ({ name, type })),
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType,
    message: { identityId, ...Object.fromEntries(fields.map(({ name, value }) => [name, value])), nonce, deadline },
  });
  return submitToRegistry(chain, encode(signature), options);
}

/** @throws what {@link submit} throws */
export const submitToRegistry = (chain: Chain, data: Hex, options: SubmitOptions): Promise<TransactionReceipt> =>
  submit(
    chain,
    {
      ...{ to: chain.network.contracts.identityRegistry, data },
      ...{ abi: identityRegistryAbi, rejections: registryRejections },
    },
    options,
  );
