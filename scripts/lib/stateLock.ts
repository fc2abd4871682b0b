import { join } from "node:path";
import { acquireLock, type Lock, LockHeld } from "./lock.ts";
import { Refusal } from "./say.ts";

/** One network per state folder: two chains writing the same snapshots would destroy each other's. */
export function acquireStateLock(folder: string): Lock {
  try {
    return acquireLock(join(folder, "running.json"));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    const { pid, url } = error.holder;
    throw new Refusal(
      [
        `The network of this folder is already running (process ${pid})${url ? ` at ${url}` : ""}.`,
        "Open that address, or stop it first with Ctrl-C in its terminal" +
          (process.platform === "win32" ? "." : ` (or: kill ${pid}).`),
        "A second network beside it: SKRUMBLE_STATE_DIR=/another/folder npm start",
      ].join("\n"),
    );
  }
}
