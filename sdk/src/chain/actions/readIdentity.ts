import { identityRegistryAbi } from "../../generated/index.ts";
import { isNormalName } from "../../identity/name.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";
import { provable } from "../provenance.ts";
import type { IdentityQuery, IdentityRecord } from "../types.ts";

/**
 * Looks an identity up by pseudonym (in normal form), public ID (also an old one), owner wallet or number. Undefined when there
 * is none, or when its name is not in normal form and therefore could pass for another one. Where two operators would have to agree
 * and the chain has seals of four validators at least, it is proven instead: no relay is believed.
 * @throws what {@link readContract} throws; SkrumbleError CHAIN_UNPROVEN, CHAIN_MAY_BE_OLD, CHAIN_TOO_FEW_VALIDATORS
 */
export async function readIdentity(
  chain: Chain,
  query: IdentityQuery,
  options: ReadOptions = {},
): Promise<IdentityRecord | undefined> {
  const isProven = provable(chain) !== undefined && options.quorum === true && options.block === undefined;
  const record = isProven
    ? await import("../verified/readProvenIdentity.ts").then((proven) =>
        proven.readProvenIdentity(chain, query, options.signal),
      )
    : await readAgreed(chain, query, options);
  return record && isNormalName(record.name) ? record : undefined;
}

async function readAgreed(
  chain: Chain,
  query: IdentityQuery,
  options: ReadOptions,
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
  if (id === 0n) return undefined;
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
