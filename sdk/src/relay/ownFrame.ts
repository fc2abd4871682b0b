import { type FrameOf, fromHex, ownMessage } from "../protocol/index.ts";
import type { Line } from "./line.ts";
import type { MailboxOwner, RelayInfo } from "./types.ts";

/** The proof that a mailbox is one's own, made for one line. */
export async function ownFrame(
  line: Line,
  relay: RelayInfo,
  owner: Omit<MailboxOwner, "reader" | "cursors">,
): Promise<FrameOf<"own">> {
  const { deviceKey, deviceCert } = owner;
  const publicId = fromHex(owner.publicId, 32);
  const relayKey = fromHex(relay.signingKey, 32);
  const signature = await owner.sign(ownMessage({ relayKey, challenge: line.greeting.challenge, publicId }));
  const { keyVersion, issuedAt, signature: cert } = deviceCert;
  return { frame: "own", reqId: line.nextId(), publicId, deviceKey, keyVersion, issuedAt, cert, signature };
}
