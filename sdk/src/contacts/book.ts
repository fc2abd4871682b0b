import type { Vault, VaultOp } from "../store/index.ts";
import type { Contact, ContactState } from "../types/client.ts";
import type { ConversationId, Hex, Millis, PublicId } from "../types/primitives.ts";

export interface SentRequest {
  nonce: string;
  /** Both halves, base64url. */
  keyPackage: string;
}

/** A contact with what only this device has to know. */
export interface ContactRecord {
  publicId: PublicId;
  pseudonym: string;
  state: ContactState;
  since: Millis;
  verified: boolean;
  note?: string;
  conversationId?: ConversationId;
  /** X25519 key that envelopes to this person are sealed to. */
  agreementKey: Hex;
  /** Our request that waits for an answer. */
  sent?: SentRequest;
  /** Earlier ones that may still be answered, newest first. */
  earlier?: SentRequest[];
  /** Requests of ours that came to nothing, newest first: until then a welcome to one opens a session that only receives. */
  late?: (SentRequest & { until: Millis })[];
  /** Their request that waits for ours. */
  received?: { nonce: string; keyPackage: string; sentAt: Millis };
  /** What the registry last said against sending to this person. */
  problem?: { code: "IDENTITY_REVOKED" | "IDENTITY_CHANGED" };
  /** Nonces of requests that were dealt with, newest last, so that a replayed one does nothing. */
  done: string[];
}

const collection = "contact";
const maxDone = 64;

/** All contacts, in memory and in the vault. */
export interface ContactBook {
  get(publicId: PublicId): ContactRecord | undefined;
  all(): ContactRecord[];
  /** Writes a contact together with other records, all or nothing, and tells the listeners. */
  save(record: ContactRecord, also?: VaultOp[]): Promise<void>;
  /** For a write that somebody else makes: the record, and what to call once it is on disk. */
  prepare(record: ContactRecord): { op: VaultOp; written(): void };
  remove(publicId: PublicId): Promise<void>;
}

export async function openContactBook(vault: Vault, onChange: (contact: Contact) => void): Promise<ContactBook> {
  const rows = await vault.range<ContactRecord>(collection);
  const contacts = new Map(rows.map(({ value }) => [value.publicId, value]));
  const prepare: ContactBook["prepare"] = (record) => {
    const kept = { ...record, done: record.done.slice(-maxDone) };
    return {
      op: { collection, key: record.publicId, value: kept },
      written() {
        contacts.set(record.publicId, kept);
        onChange(publicContact(kept));
      },
    };
  };
  return {
    get: (publicId) => contacts.get(publicId),
    all: () => [...contacts.values()],
    prepare,
    async save(record, also = []) {
      const { op, written } = prepare(record);
      await vault.write([op, ...also]);
      written();
    },
    async remove(publicId) {
      await vault.write([{ collection, key: publicId, delete: true }]);
      contacts.delete(publicId);
    },
  };
}

/** The part of a contact that programs see. */
export function publicContact(record: ContactRecord): Contact {
  const { publicId, pseudonym, state, since, verified, note, conversationId, problem } = record;
  return {
    publicId,
    pseudonym,
    state,
    since,
    verified,
    ...(note === undefined ? {} : { note }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(problem === undefined ? {} : { problem }),
  };
}
