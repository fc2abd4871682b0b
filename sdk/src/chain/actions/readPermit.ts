import { domainSeparator, parseAbi } from "viem";
import { codeOf } from "../../errors/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, readContract } from "../chain.ts";
import { isContract } from "./isContract.ts";

/** EIP-2612, and the words of which its domain is made. */
export const permitAbi = parseAbi([
  "function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function name() view returns (string)",
  "function version() view returns (string)",
]);

export interface Permit {
  owner: Address;
  spender: Address;
  value: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/**
 * What a wallet signs to let a contract take so much of a token (EIP-2612); undefined where the token has no permits, has them in
 * a way of its own (its domain separator is not that of its name and version), or the owner is a contract, which cannot sign one.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED
 */
export async function readPermit(
  chain: Chain,
  token: Address,
  { owner, spender, value, deadline }: Permit,
  signal?: AbortSignal,
): Promise<TypedDataRequest | undefined> {
  const options = { quorum: true, signal };
  const at = { address: token, abi: permitAbi } as const;
  const word = (functionName: "name" | "version") => readContract(chain, { ...at, functionName, args: [] }, options);
  if (await isContract(chain, owner, signal)) return undefined;
  try {
    const [nonce, separator, name, version] = await Promise.all([
      readContract(chain, { ...at, functionName: "nonces", args: [owner] }, options),
      readContract(chain, { ...at, functionName: "DOMAIN_SEPARATOR", args: [] }, options),
      word("name"),
      word("version").catch(isMissing(() => "1")),
    ]);
    const domain = { name, version, chainId: chain.network.chainId, verifyingContract: token };
    if (domainSeparator({ domain }) !== separator) return undefined;
    return {
      domain,
      types: {
        Permit: [
          { name: "owner", type: "address" },
          { name: "spender", type: "address" },
          { name: "value", type: "uint256" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      },
      primaryType: "Permit",
      message: { owner, spender, value, nonce, deadline },
    };
  } catch (error) {
    return isMissing(() => undefined)(error);
  }
}

/** A token without the function refuses, or answers with nothing that can be read. */
const isMissing =
  <T>(otherwise: () => T) =>
  (error: unknown): T => {
    if (codeOf(error) === "CHAIN_REJECTED") return otherwise();
    throw error;
  };
