import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface Holder {
  pid: number;
  /** Where the holder serves the dApp, once it does. */
  url?: string;
}

export interface Lock {
  /** Replaces what a second start is told. */
  describe(holder: Omit<Holder, "pid">): void;
  release(): void;
}

export class LockHeld extends Error {
  override name = "LockHeld";
  readonly holder: Holder;
  constructor(holder: Holder) {
    super(`Held by process ${holder.pid}`);
    this.holder = holder;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8")) as Holder;
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock file for this process. A lock whose process is gone (a crash, a power cut) is taken over. */
export function acquireLock(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true });
  const mine = (more: Omit<Holder, "pid"> = {}) => `${JSON.stringify({ pid: process.pid, ...more })}\n`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, mine(), { flag: "wx" });
      return {
        describe: (more) => writeFileSync(path, mine(more)),
        release: () => rmSync(path, { force: true }),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = readHolder(path);
      if (holder && holder.pid !== process.pid && alive(holder.pid)) throw new LockHeld(holder);
      rmSync(path, { force: true });
    }
  }
  throw new Error(`The lock ${path} could not be taken`);
}
