import { readLocal, writeLocal } from "../../lib/local.ts";
import type { Identity } from "../../lib/types.ts";

/** Whose lock it is. Lies open beside it, so it is there only when the person wants to be seen. */
export interface LockLabel {
  pseudonym: string;
  publicId: `0x${string}`;
}

export function readLockLabel(): LockLabel | undefined {
  try {
    const { pseudonym, publicId } = JSON.parse(readLocal("lockLabel") ?? "") as Record<string, unknown>;
    if (typeof pseudonym !== "string" || pseudonym.length > 64 || typeof publicId !== "string") return undefined;
    return /^0x[0-9a-f]{64}$/.test(publicId) ? { pseudonym, publicId: publicId as `0x${string}` } : undefined;
  } catch {
    return undefined;
  }
}

export function writeLockLabel(identity: Identity | undefined): void {
  const label = identity && { pseudonym: identity.pseudonym, publicId: identity.publicId };
  writeLocal("lockLabel", label ? JSON.stringify(label) : null);
}
