import { readIdentity } from "../chain/actions/readIdentity.ts";
import { type Chain, readContract } from "../chain/chain.ts";
import { identityRegistryAbi } from "../generated/index.ts";
import type { NameAvailability } from "../types/client.ts";
import type { Address } from "../types/primitives.ts";
import { checkNameForm } from "./name.ts";

/** Whether a pseudonym can be had. No single relay keeps somebody from one. @throws what {@link readIdentity} throws */
export async function checkName(
  chain: Chain,
  typed: string,
  wallet?: Address,
  signal?: AbortSignal,
): Promise<NameAvailability> {
  const form = checkNameForm(typed);
  if ("problem" in form) return { kind: "invalid", reason: form.problem };
  const { normalized } = form;
  const options = { quorum: true, signal };
  const record = await readIdentity(chain, { name: normalized }, options);
  if (record) {
    return { kind: record.owner.toLowerCase() === wallet?.toLowerCase() ? "yours" : "taken", normalized };
  }
  // Also false for a name that was given up a short while ago.
  const available = await readContract(
    chain,
    {
      address: chain.network.contracts.identityRegistry,
      abi: identityRegistryAbi,
      functionName: "isAvailable",
      args: [normalized],
    },
    options,
  );
  return { kind: available ? "available" : "taken", normalized };
}
