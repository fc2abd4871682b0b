import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isProgram } from "../lib/child.ts";
import { readJson, writeJson } from "../lib/files.ts";
import { rpc } from "./rpc.ts";
import { writeSnapshot } from "./snapshots.ts";

interface Record {
  pid: number;
  rpcUrl: string;
}

const recordOf = (snapshotFile: string): string => `${snapshotFile}.process.json`;

export function recordProcess(snapshotFile: string, record: Record): void {
  writeJson(recordOf(snapshotFile), record, 0o600);
}

export function forgetProcess(snapshotFile: string): void {
  rmSync(recordOf(snapshotFile), { force: true });
}

/**
 * When the starter was killed outright, its chain may still run. Its state is newer than the last snapshot: it is
 * saved first, then the process is ended. Returns whether there was one.
 */
export async function retireOrphan(snapshotFile: string): Promise<boolean> {
  let record: Record | undefined;
  try {
    record = readJson<Record>(recordOf(snapshotFile));
  } catch {
    record = undefined;
  }
  forgetProcess(snapshotFile);
  if (!record || !Number.isSafeInteger(record.pid) || record.pid <= 1 || !isProgram(record.pid, "anvil")) return false;
  try {
    writeSnapshot(snapshotFile, await rpc<string>(record.rpcUrl, "anvil_dumpState", [], 20_000));
  } catch {
    // It hangs or is another chain's: the last snapshot has to do.
  }
  try {
    process.kill(record.pid, "SIGKILL");
  } catch {
    return false;
  }
  await sleep(200);
  return true;
}
