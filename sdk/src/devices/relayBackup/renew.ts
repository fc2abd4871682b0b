import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { extentOf } from "../collect.ts";
import { readAllowance } from "./allowance.ts";
import { backUp } from "./backUp.ts";
import { loadRecord, saveRecord } from "./record.ts";

const day = 86_400_000;
/** Where something was said since: so much is lost at most with the device. */
const renewAfter = day;
/** Where nothing was. Of 30 days: whoever is away for three weeks still has one. */
const renewAnyway = 7 * day;
/** At the latest after this part of its time. */
const renewPart = 1 / 4;
const lookEvery = day / 4;
/** A client that starts has better things to do. */
const firstLook = 60_000;

/** While a client works: a backup that was made here is made anew, with what came since. */
export function keepBackupFresh(core: Core): void {
  const look = () => {
    void renewBackup(core).catch((error) => {
      // There is time for another try.
      if (!core.signal.aborted && error instanceof SkrumbleError && error.category !== "network")
        core.problem(error.code);
    });
  };
  const first = setTimeout(look, firstLook);
  const timer = setInterval(look, lookEvery);
  const stop = () => {
    clearTimeout(first);
    clearInterval(timer);
  };
  core.signal.addEventListener("abort", stop, { once: true });
}

/** @returns whether it was time */
export async function renewBackup(core: Core): Promise<boolean> {
  const record = await loadRecord(core);
  if (!record) return false;
  const isNew = (await extentOf(core)).total !== record.messages.total;
  const due = Math.min(isNew ? renewAfter : renewAnyway, (record.expiresAt - record.at) * renewPart);
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
  await backUp(core);
  return true;
}
