import { copyFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { writeFileAtomic } from "../lib/files.ts";

/** Empty blocks older than this many are left out when a chain is loaded: they carry nothing and would grow for ever. */
const KEPT_EMPTY_BLOCKS = 2_000;

interface DumpedBlock {
  header: { number: string };
  transactions: unknown[];
}
interface Dump {
  best_block_number: string | number;
  blocks: DumpedBlock[];
  [key: string]: unknown;
}

export const previousOf = (path: string): string => `${path}.previous`;

/** Keeps what anvil_dumpState answered (hex of gzip of JSON); the snapshot before it stays as `<path>.previous`. */
export function writeSnapshot(path: string, dumped: string): void {
  // A copy instead of a rename: at no moment is there no whole snapshot under the current name.
  if (existsSync(path)) copyFileSync(path, previousOf(path));
  writeFileAtomic(path, Buffer.from(dumped.slice(2), "hex"), 0o600);
}

export type LoadedSnapshot =
  | { from: "current" | "previous"; state: string; broken: string[] }
  | { from: "none"; broken: string[] };

/**
 * The newest snapshot that can be read, as the JSON text anvil loads, with old empty blocks left out. Files that
 * cannot be read are renamed to `<path>.broken-<time>`, listed in `broken`, and never deleted.
 */
export function readSnapshot(path: string, now = new Date()): LoadedSnapshot {
  const broken: string[] = [];
  for (const [from, file] of [
    ["current", path],
    ["previous", previousOf(path)],
  ] as const) {
    if (!existsSync(file)) continue;
    try {
      return { from, state: JSON.stringify(withoutOldEmptyBlocks(parse(readFileSync(file)))), broken };
    } catch {
      const aside = `${file}.broken-${now.toISOString().replace(/[:.]/g, "-")}`;
      renameSync(file, aside);
      broken.push(aside);
    }
  }
  return { from: "none", broken };
}

function parse(bytes: Uint8Array): Dump {
  const dump = JSON.parse(gunzipSync(bytes).toString("utf8")) as Dump;
  if (!Array.isArray(dump.blocks) || typeof dump.accounts !== "object") throw new Error("not a chain snapshot");
  return dump;
}

function withoutOldEmptyBlocks(dump: Dump): Dump {
  const head = Number(dump.best_block_number);
  const keep = (block: DumpedBlock) => {
    const number = Number(block.header.number);
    return number === 0 || block.transactions.length > 0 || number > head - KEPT_EMPTY_BLOCKS;
  };
  return { ...dump, blocks: dump.blocks.filter(keep) };
}
