import type { Core } from "../../client/core.ts";
import { randomBytes, toHexString } from "../../crypto/bytes.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import { MAX_TTL_SECONDS } from "../../protocol/index.ts";
import { createDepositor } from "./depositor.ts";
import { type Findings, findBackups } from "./find.ts";
import { endDrop, inTurn, loadDrop, loadRecord, saveDrop } from "./record.ts";

/**
 * Ends the renewals, says at the relays that all up to now is deleted, and then deletes it; one that is away has it until its time is
 * over. The word comes first and stays: other devices, which would make it anew, find it whether the deletion was finished or not.
 * @throws SkrumbleError BACKUP_DROP_WAITS (no relay took the word: nothing is deleted yet, and this device goes on by itself), ABORTED,
 * CLIENT_CLOSED
 */
export const dropBackup = (core: Core): Promise<void> =>
  inTurn(core, async (signal) => {
    const known = (await loadRecord(core))?.number ?? (await loadDrop(core))?.number ?? 0;
    await saveDrop(core, { number: known, said: false });
    try {
      await finish(core, known, await findBackups(core, signal), signal);
    } catch (cause) {
      if (signal.aborted || !(cause instanceof SkrumbleError)) throw cause;
      throw new SkrumbleError("BACKUP_DROP_WAITS", { cause });
    }
  });

/** A deletion that was interrupted, or could not be told. Only in turn. @returns whether there was one */
export async function goOnDropping(core: Core, signal: AbortSignal): Promise<boolean> {
  const pending = await loadDrop(core);
  if (!pending) return false;
  const found = await findBackups(core, signal);
  const { number } = pending;
  const said = pending.said || (number > 0 && found.dropped >= number);
  // What was made after its word the person wanted; and making it deleted what was before, the word too.
  if (said && found.backups.some(({ index }) => index.number > number)) await endDrop(core);
  else await finish(core, number, found, signal);
  return true;
}

async function finish(core: Core, known: number, found: Findings, signal: AbortSignal): Promise<void> {
  const { box, newest, upTo } = found;
  const number = Math.max(known, newest);
  if ((await loadDrop(core))?.number !== number) await saveDrop(core, { number, said: false });
  if (number > 0) await say(core, found, number, signal);
  await saveDrop(core, { number, said: true });
  await core.pool.dropStored(box.owner, upTo, { signal });
  await endDrop(core);
}

/** Resolves when all relays that hold anything have the word, or are too slow; one has it at least. */
async function say(core: Core, { box, from, upTo }: Findings, number: number, signal: AbortSignal): Promise<void> {
  const word = await box.seal({ kind: "dropped", id: toHexString(randomBytes(16)), number });
  // Relays that are away are tried for as long as this client is open.
  const options = { ttlSeconds: MAX_TTL_SECONDS, signal: core.signal, awaited: [...upTo.keys()] };
  try {
    await createDepositor(core, box.mailbox, options).deposit(word);
  } catch (error) {
    if (codeOf(error) !== "RELAY_MAILBOX_FULL") throw error;
    // No payload is smaller than the word: without the oldest it fits.
    await core.pool.dropStored(box.owner, from, { signal });
    await createDepositor(core, box.mailbox, options).deposit(word);
  }
}
