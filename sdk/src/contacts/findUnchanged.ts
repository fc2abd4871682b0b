import { encodeEventTopics, type Hex } from "viem";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import type { Chain } from "../chain/chain.ts";
import { readLogs } from "../chain/logs.ts";
import { readSharded } from "../chain/sharded/readSharded.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Person } from "../conversation/people.ts";
import { fromHex, toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { identityRegistryAbi as abi } from "../generated/index.ts";
import { deviceRoot, sortDevices } from "../identity/deviceRoot.ts";
import type { PublicId } from "../types/primitives.ts";

/** As many as shards are read for at once. */
const most = 512;

const changes = ["Renamed", "KeysChanged", "DevicesChanged", "Revoked", "OwnerChanged"] as const;

/**
 * Those of whom the registry still says what is known: as of the last period's block, proven by shards, and by two operators' word in no
 * event since. Everybody else may have changed, or was not found out about. Never rejects.
 */
export async function findUnchanged(
  chain: Chain,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<Set<PublicId>> {
  try {
    const asked = people.slice(0, most);
    const queries = asked.map(({ publicId }) => ({ publicId }));
    const found = await readSharded(chain, queries, signal);
    const same = asked.flatMap((person, at) => {
      const { record, block } = found[at] ?? {};
      return record && block !== undefined && isAsKnown(person, record) ? [{ id: record.id, block, person }] : [];
    });
    const [first] = same;
    if (!first) return new Set();
    // All are of one block.
    const changed = await changedSince(chain, first.block, signal);
    return new Set(same.filter(({ id }) => !changed.has(id)).map(({ person }) => person.publicId));
  } catch {
    return new Set();
  }
}

function isAsKnown({ publicId, pseudonym, agreementKey, devices }: Person, record: IdentityRecord): boolean {
  const isSameKey = record.publicId === publicId && record.agreementKey === agreementKey;
  const root = toHex(deviceRoot(sortDevices(devices.map(fromHex))));
  return isSameKey && !record.revoked && record.name === pseudonym && record.deviceRoot === root;
}

async function changedSince(chain: Chain, block: bigint, signal: AbortSignal): Promise<Set<bigint>> {
  const { number } = await readAgreedHead(chain, signal);
  const address = chain.network.contracts.identityRegistry;
  const topics = [changes.map((eventName) => encodeEventTopics({ abi, eventName })[0] as Hex)];
  // Two operators know of no block so far, or do not say so: nothing is known of those after it.
  if (number < block) throw new SkrumbleError("CHAIN_MAY_BE_OLD");
  if (number === block) return new Set();
  const logs = await readLogs(chain, { address, topics, from: block + 1n, to: number }, signal);
  return new Set(logs.map((log) => BigInt(log.topics[1] as Hex)));
}
