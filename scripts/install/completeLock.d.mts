/** Types of completeLock.mjs, which is JavaScript because it may run before anything is installed. */
export interface Lock {
  packages?: Record<string, { version?: string; dev?: boolean; optionalDependencies?: Record<string, string> }>;
}
export interface MissingEntry {
  name: string;
  version: string;
}
export function platformOf(name: string): { os?: string; cpu?: string; libc?: string };
export function missingEntries(lock: Lock): MissingEntry[];
export function completeLock(lock: Lock): Lock;
