import { readDevices } from "../chain/actions/readDevices.ts";
import type { Chain } from "../chain/chain.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { toHex } from "../crypto/bytes.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { Hex, Millis, PublicId } from "../types/primitives.ts";

/** What the registry says of somebody one has a conversation with. */
export interface Person {
  publicId: PublicId;
  pseudonym: string;
  /** X25519 key that envelopes to this person are sealed to. */
  agreementKey: Hex;
  /** Device keys in the registry. */
  devices: Hex[];
  /** When the registry said so. */
  at: Millis;
}

export interface People {
  get(publicId: PublicId): Person | undefined;
  /**
   * What is known and not older than `maxAge`, else what the registry says now (two operators agreeing).
   * @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_CHANGED, IDENTITY_REVOKED, QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
   */
  load(publicId: PublicId, maxAge: Millis): Promise<Person>;
  /** The identity is revoked or was changed: none of the devices speaks for it any more. */
  disown(publicId: PublicId): Promise<void>;
  /** For a write that somebody else makes: the record, and what to call once it is on disk. */
  prepare(record: IdentityRecord, devices: readonly Uint8Array[]): { op: VaultOp; written(): void };
}

const collection = "person";

export async function openPeople(input: {
  vault: Vault;
  chain: Chain;
  now: () => Millis;
  signal: AbortSignal;
  /** Oneself, until the registry has been asked. */
  own: Omit<Person, "at">;
}): Promise<People> {
  const { vault, chain, now, signal, own } = input;
  const rows = await vault.range<Person>(collection, { skipDamaged: true });
  const known = new Map(rows.map(({ value }) => [value.publicId, value]));
  if (!known.has(own.publicId)) known.set(own.publicId, { ...own, at: 0 });
  const loading = new Map<PublicId, Promise<Person>>();

  const prepare: People["prepare"] = (record, devices) => {
    const { publicId, name: pseudonym, agreementKey } = record;
    const person: Person = { publicId, pseudonym, agreementKey, devices: devices.map(toHex), at: now() };
    return {
      op: { collection, key: publicId, value: person },
      written: () => void known.set(publicId, person),
    };
  };

  const read = async (publicId: PublicId): Promise<Person> => {
    const record = await readPeer(chain, publicId, signal);
    const { op, written } = prepare(record, await readDevices(chain, record, signal));
    await vault.write([op]);
    written();
    return known.get(publicId) as Person;
  };

  return {
    get: (publicId) => known.get(publicId),
    load(publicId, maxAge) {
      const found = known.get(publicId);
      const age = found ? now() - found.at : 0;
      // A clock that was set back says nothing about how old it is.
      if (found && age >= 0 && age < maxAge) return Promise.resolve(found);
      const under = loading.get(publicId) ?? read(publicId).finally(() => loading.delete(publicId));
      loading.set(publicId, under);
      return under;
    },
    async disown(publicId) {
      const person = known.get(publicId);
      if (!person) return;
      const without = { ...person, devices: [], at: now() };
      await vault.write([{ collection, key: publicId, value: without }]);
      known.set(publicId, without);
    },
    prepare,
  };
}
