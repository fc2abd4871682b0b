import { verifyNative } from "../crypto/signatures.ts";
import { fromHex, MAX_TTL_SECONDS, receiptRoot, receiptRootMessage, UNOPENED_TTL_SECONDS } from "../protocol/index.ts";
import type { StorageReceipt } from "./types.ts";

/** A relay keeps what was asked for, but for a mailbox nobody has opened yet it may cut that to a week. */
function isLongEnough(keptMs: number, ttlSeconds: number): boolean {
  return keptMs === ttlSeconds * 1000 || keptMs === Math.min(ttlSeconds, UNOPENED_TTL_SECONDS) * 1000;
}

/**
 * True when the relay really signed for exactly this payload in this mailbox, to be kept as long as was asked or may be.
 * @param signingKey the relay's key from the registry, hex
 * @param ttlSeconds what was asked for
 */
export async function verifyReceipt(receipt: StorageReceipt, signingKey: string, ttlSeconds: number): Promise<boolean> {
  try {
    const kept = receipt.expiresAt - receipt.storedAt;
    if (receipt.seq <= 0n || !isLongEnough(kept, ttlSeconds) || ttlSeconds > MAX_TTL_SECONDS) return false;
    const root = receiptRoot(receipt, receipt.proof);
    return await verifyNative(fromHex(signingKey, 32), receiptRootMessage(root), receipt.signature);
  } catch {
    // A proof or a key that is none at all.
    return false;
  }
}
