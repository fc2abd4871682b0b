import { encodeAbiParameters, encodeFunctionData } from "viem";
import { fromHex, toHex } from "../../crypto/bytes.ts";
import { keccak256 } from "../../crypto/hash.ts";
import { identityRegistryAbi } from "../../generated/index.ts";
import { saltNameOf } from "../../identity/derive.ts";
import type { Address, Hex, PublicId } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../submit.ts";

export interface NameCommitment {
  /** In normal form. */
  name: string;
  owner: Address;
  publicId: PublicId;
  /** 32 random bytes. */
  secret: Hex;
}

export function commitmentOf({ name, owner, publicId, secret }: NameCommitment): Hex {
  const types = [{ type: "bytes32" }, { type: "address" }, { type: "bytes32" }, { type: "bytes32" }];
  return toHex(keccak256(fromHex(encodeAbiParameters(types, [saltNameOf(name), owner, publicId, secret]))));
}

/** Announces a name without telling it, so that nobody can snatch it. @throws what {@link submit} throws */
export function commitName(
  chain: Chain,
  input: NameCommitment,
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "commit", args: [commitmentOf(input)] });
  const to = chain.network.contracts.identityRegistry;
  return submit(chain, { to, data, abi: identityRegistryAbi }, { gas: 200_000n, ...options });
}
