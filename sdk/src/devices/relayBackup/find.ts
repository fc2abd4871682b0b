import type { Core } from "../../client/core.ts";
import { type Bytes, concat, toHexString } from "../../crypto/bytes.ts";
import { sha256 } from "../../crypto/hash.ts";
import type { StoredPayload } from "../../relay/types.ts";
import type { Millis } from "../../types/primitives.ts";
import { type BackupBox, type BackupIndex, openBackupBox } from "./pieces.ts";

export interface FoundBackup {
  index: BackupIndex;
  /** The file, where the relays that answered have all of it between them. */
  file?: Bytes;
  /** Ids of those that have all of it. */
  relays: number[];
  /** When the first part of it came to a relay. */
  storedAt: Millis;
}

export interface Findings {
  box: BackupBox;
  /** The newest first; without those that were dropped, which a relay that was away then still has. */
  backups: FoundBackup[];
  /** Up to this number they were dropped; 0 where none was. */
  dropped: number;
  /** The highest number seen, pieces without an index included. */
  newest: number;
  /** By relay that holds anything: the seqs of the first and the last of it. */
  from: Map<number, bigint>;
  upTo: Map<number, bigint>;
}

/** A payload, and where it is. */
interface Copies {
  payload: Uint8Array;
  relays: number[];
  storedAt: Millis;
}

/**
 * Everything that relays have, each piece from whichever has it. Opens the mailbox there too: one that nobody has opened holds
 * little, and not for long.
 * @throws SkrumbleError RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, ABORTED, CLIENT_CLOSED
 */
export async function findBackups(core: Core, signal: AbortSignal): Promise<Findings> {
  const box = await openBackupBox(core.self.identityKey.secret, core.now());
  const payloads = new Map<string, Copies>();
  const [from, upTo] = [new Map<number, bigint>(), new Map<number, bigint>()];
  const onPayload = ({ payload, relayId, seq, storedAt }: StoredPayload) => {
    const name = toHexString(sha256(payload));
    const before = payloads.get(name);
    payloads.set(name, {
      payload: before?.payload ?? payload,
      relays: [...(before?.relays ?? []), relayId],
      storedAt: Math.min(storedAt, before?.storedAt ?? storedAt),
    });
    if (!from.has(relayId)) from.set(relayId, seq);
    upTo.set(relayId, seq);
  };
  await core.pool.readStored(box.owner, onPayload, { signal });
  const indexes: { index: BackupIndex; copies: Copies }[] = [];
  const pieces = new Map<string, { body: Bytes; copies: Copies }>();
  let [newest, dropped] = [0, 0];
  for (const copies of payloads.values()) {
    const opened = await box.open(copies.payload);
    if (!opened) continue;
    const { head, body } = opened;
    newest = Math.max(newest, head.number);
    if (head.kind === "dropped") dropped = Math.max(dropped, head.number);
    else if (head.kind === "index") indexes.push({ index: head, copies });
    else pieces.set(toHexString(sha256(body)), { body, copies });
  }
  const backups = indexes
    .filter(({ index }) => index.number > dropped)
    .sort(({ index: a }, { index: b }) => b.number - a.number || b.made - a.made)
    .map(({ index, copies }): FoundBackup => {
      const found = index.pieces.map((hash) => pieces.get(hash));
      const parts = found.filter((piece) => piece !== undefined);
      const all = [copies, ...parts.map((piece) => piece.copies)];
      const isWhole = parts.length === found.length;
      return {
        index,
        relays: isWhole ? copies.relays.filter((id) => all.every(({ relays }) => relays.includes(id))) : [],
        storedAt: Math.min(...all.map(({ storedAt }) => storedAt)),
        ...(isWhole ? { file: concat(...parts.map(({ body }) => body)) } : {}),
      };
    });
  return { box, backups, dropped, newest, from, upTo };
}
