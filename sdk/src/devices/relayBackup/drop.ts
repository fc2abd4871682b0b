import type { Core } from "../../client/core.ts";
import { randomBytes, toHexString } from "../../crypto/bytes.ts";
import { MAX_TTL_SECONDS } from "../../protocol/index.ts";
import { findBackups } from "./find.ts";
import { forgetRecord, inTurn, loadRecord } from "./record.ts";

/**
 * Ends the renewals and deletes what relays have; one that is away has it until its time is over. What is left is the word that it
 * was deleted: other devices, which would make it anew, find that in its place.
 * @throws SkrumbleError RELAY_NONE, NETWORK_UNREACHABLE, RELAY_REFUSED, RELAY_LIED, CLIENT_CLOSED
 */
export const dropBackup = (core: Core): Promise<void> =>
  inTurn(core, async (signal) => {
    const known = (await loadRecord(core))?.number ?? 0;
    await forgetRecord(core);
    const { box, newest, upTo } = await findBackups(core, signal);
    await core.pool.dropStored(box.owner, upTo, { signal });
    const number = Math.max(known, newest);
    if (number === 0) return;
    const word = await box.seal({ kind: "dropped", id: toHexString(randomBytes(16)), number });
    // Relays that are away are tried for as long as this client is open.
    await core.pool.deposit(box.mailbox, word, { ttlSeconds: MAX_TTL_SECONDS, signal: core.signal });
  });
