import type { Core } from "../../client/core.ts";
import { concat, randomBytes, toHexString } from "../../crypto/bytes.ts";
import { sha256 } from "../../crypto/hash.ts";
import { throwIfAborted } from "../../errors/index.ts";
import type { BackupInfo, HistoryOptions, LinkProgress } from "../../types/devices.ts";
import { saveHistory } from "../saveHistory.ts";
import { overTier, readAllowance } from "./allowance.ts";
import { createDepositor } from "./depositor.ts";
import type { Findings } from "./find.ts";
import { type BackupBox, pieceBytes } from "./pieces.ts";
import { loadRecord, saveMade } from "./record.ts";

/** Makes a backup in the place of what was found. Only in turn. @throws SkrumbleError as `backUp` */
export async function makeBackup(
  core: Core,
  { box, newest, upTo }: Findings,
  { onProgress, signal }: HistoryOptions & { signal: AbortSignal },
): Promise<BackupInfo> {
  const allowance = await readAllowance(core);
  const before = await loadRecord(core);
  const number = Math.max(newest, before?.number ?? 0) + 1;
  let messages: LinkProgress = { done: 0, total: 0 };
  const watch = (progress: LinkProgress) => {
    messages = progress;
    onProgress?.(progress);
  };
  const file = concat(...(await saveHistory(core, { onProgress: watch, signal }, allowance.bytes)));
  if (allowance.days === 0 || file.length > allowance.bytes) throw overTier(allowance, file.length);
  const ttl = allowance.days * 86_400;
  const { relays, ...kept } = await store(core, box, { number, file, messages, ttl }, signal);
  const info: BackupInfo = { at: core.now(), messages, relays: relays.size, ...kept };
  await saveMade(core, { ...info, number });
  // Where the new one is not whole, the old one is better than nothing.
  const old = new Map([...upTo].filter(([relay]) => relays.has(relay)));
  await core.pool.dropStored(box.owner, old, { signal });
  return info;
}

async function store(
  core: Core,
  box: BackupBox,
  { number, file, messages, ttl }: { number: number; file: Uint8Array; messages: LinkProgress; ttl: number },
  signal: AbortSignal,
) {
  const name = { id: toHexString(randomBytes(16)), number };
  const depositor = createDepositor(core, box.mailbox, { ttlSeconds: ttl, signal });
  const pieces: string[] = [];
  try {
    for (let at = 0; at * pieceBytes < file.length; at++) {
      throwIfAborted(signal);
      const body = file.slice(at * pieceBytes, (at + 1) * pieceBytes);
      await depositor.deposit(await box.seal({ kind: "piece", ...name, at, length: body.length }, body));
      pieces.push(toHexString(sha256(body)));
    }
    throwIfAborted(signal);
    await depositor.deposit(await box.seal({ kind: "index", ...name, made: core.now(), ttl, pieces, ...messages }));
    return depositor.result();
  } finally {
    depositor.stop();
  }
}
