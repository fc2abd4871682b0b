import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { MAX_TTL_SECONDS } from "../../protocol/index.ts";
import { extentOf } from "../collect.ts";
import { readAllowance } from "./allowance.ts";
import { goOnDropping } from "./drop.ts";
import { type Findings, findBackups } from "./find.ts";
import { makeBackup } from "./make.ts";
import { type BackupRecord, forgetRecord, inTurn, loadRecord, saveRecord } from "./record.ts";

const day = 86_400_000;
/** Where something was said since: so much is lost at most with the device. */
const renewAfter = day;
/** Where nothing was. Of 30 days: whoever is away for three weeks still has one. */
const renewAnyway = 7 * day;
/** At the latest after this part of its time. */
const renewPart = 1 / 4;
const lookEvery = day / 4;
/** A deletion that could not be told is tried again after so long, then after twice as long, up to `lookEvery`: each looks for all of it. */
const dropEvery = 5 * 60_000;
/** A client that starts has better things to do. */
const firstLook = 60_000;

/** While a client works: a backup that was made here is made anew, with what came since, and a deletion that waits goes on. */
export function keepBackupFresh(core: Core): void {
  const quietly = (work: (core: Core) => Promise<unknown>): Promise<boolean> =>
    work(core).then(
      () => true,
      (error) => {
        // There is time for another try.
        if (!core.signal.aborted && error instanceof SkrumbleError && error.category !== "network")
          core.problem(error.code);
        return false;
      },
    );
  const first = setTimeout(() => void quietly(renewBackup), firstLook);
  const timer = setInterval(() => void quietly(renewBackup), lookEvery);
  let pause = dropEvery;
  const drop = async () => {
    pause = (await quietly(resumeDrop)) ? dropEvery : Math.min(2 * pause, lookEvery);
    if (!core.signal.aborted) dropping = setTimeout(drop, pause);
  };
  let dropping = setTimeout(drop, pause);
  const stop = () => {
    clearTimeout(first);
    clearInterval(timer);
    clearTimeout(dropping);
  };
  core.signal.addEventListener("abort", stop, { once: true });
}

/** In turn, from the first look at the record on: what the person deletes meanwhile stays deleted. @returns whether it was time */
export const renewBackup = (core: Core): Promise<boolean> => inTurn(core, (signal) => renew(core, signal));

/** @returns whether there was a deletion to go on with */
export const resumeDrop = (core: Core): Promise<boolean> => inTurn(core, (signal) => goOnDropping(core, signal));

async function renew(core: Core, signal: AbortSignal): Promise<boolean> {
  if (await goOnDropping(core, signal)) return false;
  const record = await loadRecord(core);
  if (!record) return false;
  const isNew = (await extentOf(core)).total !== record.messages.total;
  const part = Math.max((record.expiresAt - record.at) * renewPart, lookEvery);
  const due = Math.min(isNew ? renewAfter : renewAnyway, part);
  if (core.now() - record.at < due) return false;
  const { days } = await readAllowance(core);
  // The tier fell. What is there lasts longer than what could take its place, and stays until it does not.
  if (days === 0 || core.now() + days * day < record.expiresAt) {
    if (!record.warned) {
      await saveRecord(core, { ...record, warned: true });
      core.problem("BACKUP_TIER_FELL");
    }
    return false;
  }
  const found = await findBackups(core, signal);
  if (isGone(core, record, found)) {
    await forgetRecord(core);
    return false;
  }
  await makeBackup(core, found, { signal });
  return true;
}

/**
 * Whether another device deleted it: its word lies at relays for longer than a backup that was made before. Whoever comes later cannot
 * tell any more, and goes on only where there still is one.
 */
function isGone(core: Core, record: BackupRecord, { backups, dropped }: Findings): boolean {
  if (backups.length > 0) return false;
  if (dropped >= record.number) return true;
  if (core.now() - record.at < MAX_TTL_SECONDS * 1000) return false;
  core.problem("BACKUP_GONE");
  return true;
}
