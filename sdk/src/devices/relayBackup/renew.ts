import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { backUp } from "./backUp.ts";
import { loadRecord } from "./record.ts";

const day = 86_400_000;
/** Long before the 30 days are over for which relays keep it: whoever is away for three weeks still has one. */
const renewAfter = 7 * day;
const lookEvery = day / 4;

/** While a client works: a backup that was made here is made anew every week, with what came since. */
export function keepBackupFresh(core: Core): void {
  const look = () => {
    void renewBackup(core).catch((error) => {
      // There is time for another try.
      if (!core.signal.aborted && error instanceof SkrumbleError && error.category !== "network")
        core.problem(error.code);
    });
  };
  const timer = setInterval(look, lookEvery);
  core.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  look();
}

/** @returns whether it was time */
export async function renewBackup(core: Core): Promise<boolean> {
  const record = await loadRecord(core);
  if (!record || core.now() - record.at < renewAfter) return false;
  await backUp(core);
  return true;
}
