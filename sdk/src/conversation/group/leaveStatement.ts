import * as z from "zod";
import { type Bytes, concat, fromBase64Url, fromHex, toBase64Url, u64, utf8 } from "../../crypto/bytes.ts";
import { sign, verify } from "../../crypto/keys.ts";
import type { PublicId } from "../../types/primitives.ts";

/**
 * Nobody can commit their own removal in MLS (RFC 9420, 12.2), so whoever leaves signs a statement, and the next best
 * member carries it out with the statement attached. It names the epoch it was made in, and is good for so many epochs
 * around it, because whoever leaves may have been on a way that led further. Who went in these epochs the group's state says
 * (leave.ts), so that one who has come back cannot be thrown out by an old statement.
 */
export const validEpochs = 64n;

const message = (groupId: Uint8Array, publicId: PublicId, epoch: bigint): Bytes =>
  concat(utf8("skrumble leave v1"), fromHex(publicId), u64(epoch), groupId);

export const leaveSchema = z.object({
  publicId: z.string().regex(/^0x[0-9a-f]{64}$/),
  epoch: z.string().regex(/^\d{1,18}$/),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type Leave = z.infer<typeof leaveSchema>;

export const signLeave = (
  groupId: Uint8Array,
  epoch: bigint,
  publicId: PublicId,
  identitySecret: Uint8Array,
): Leave => ({
  publicId,
  epoch: String(epoch),
  signature: toBase64Url(sign(identitySecret, message(groupId, publicId, epoch))),
});

/** `epoch`: the one that the commit which carries it out ends. */
export function verifyLeave(groupId: Uint8Array, epoch: bigint, leave: Leave): boolean {
  const made = BigInt(leave.epoch);
  if (made - epoch > validEpochs || epoch - made > validEpochs) return false;
  const signed = message(groupId, leave.publicId as PublicId, made);
  return verify(fromHex(leave.publicId), signed, fromBase64Url(leave.signature));
}
