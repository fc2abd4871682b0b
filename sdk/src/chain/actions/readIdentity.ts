import { identityRegistryAbi } from "../../generated/index.ts";
import { isNormalName } from "../../identity/name.ts";
import type { Address, PublicId } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";
import type { IdentityRecord } from "../types.ts";

export type IdentityQuery = { name: string } | { publicId: PublicId } | { owner: Address } | { id: bigint };

/**
 * Looks an identity up by pseudonym (in normal form), public ID (also an old one), owner wallet or number. Undefined when there
 * is none, or when its name is not in normal form and therefore could pass for another one.
 * @throws what {@link readContract} throws
 */
export async function readIdentity(
  chain: Chain,
  query: IdentityQuery,
  options: ReadOptions = {},
): Promise<IdentityRecord | undefined> {
  const base = { address: chain.network.contracts.identityRegistry, abi: identityRegistryAbi };
  const [id, record] =
    "name" in query
      ? await readContract(chain, { ...base, functionName: "identityOf", args: [query.name] }, options)
      : "publicId" in query
        ? await readContract(chain, { ...base, functionName: "identityByPublicId", args: [query.publicId] }, options)
        : "owner" in query
          ? await readContract(chain, { ...base, functionName: "identityByOwner", args: [query.owner] }, options)
          : ([
              query.id,
              await readContract(chain, { ...base, functionName: "identity", args: [query.id] }, options),
            ] as const);
  if (id === 0n || !isNormalName(record.name)) return undefined;
  return {
    id,
    owner: record.owner,
    keyVersion: record.keyVersion,
    revoked: record.revoked,
    controller: record.controller,
    devicesBlock: record.devicesBlock,
    publicId: record.publicId,
    agreementKey: record.agreementKey,
    deviceRoot: record.deviceRoot,
    saltName: record.saltName,
    name: record.name,
  };
}
