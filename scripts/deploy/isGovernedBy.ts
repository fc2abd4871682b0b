import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  type PublicClient,
  parseAbi,
} from "viem";

const rolesAbi = parseAbi(["function hasRole(bytes32 role, address account) view returns (bool)"]);
// keccak256("GOVERNOR_ROLE")
export const GOVERNOR_ROLE = "0x7935bd0ae54bc31f548c14dba4d37c5c64b3f8ca900cb468fb8abd54d5894f55";

/**
 * Whether `account` is a contract that the timelock governs and `other` does not: one the governors may hand a bucket to.
 * @throws where the chain does not answer
 */
export async function isGovernedBy(
  client: Pick<PublicClient, "readContract">,
  account: Address,
  timelock: Address,
  other: Address,
): Promise<boolean> {
  const has = (who: Address) =>
    client.readContract({ address: account, abi: rolesAbi, functionName: "hasRole", args: [GOVERNOR_ROLE, who] });
  try {
    return (await has(timelock)) && !(await has(other));
  } catch (error) {
    // A person's account, or a contract without roles.
    if (error instanceof BaseError && error.walk(isRefusal)) return false;
    throw error;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ContractFunctionRevertedError || error instanceof ContractFunctionZeroDataError;
