import {
  deviceCertMessage,
  type FrameOf,
  MAX_OWNED_PER_CONNECTION,
  mailboxTag,
  ownMessage,
} from "@skrumble/sdk/protocol";
import { type Connection, reply, replyError, tagKey } from "./connection.ts";
import type { Crypto } from "./ports.ts";

/**
 * Opens a mailbox to this connection when two signatures hold: the identity key's over the device key, and the device
 * key's over this relay and this connection's challenge. The relay needs neither the chain nor an account for that.
 */
export function proveOwnership(connection: Connection, frame: FrameOf<"own">, relayKey: Uint8Array, crypto: Crypto) {
  const { reqId, publicId, deviceKey, cert, signature, keyVersion, issuedAt } = frame;
  connection.owned ??= new Set();
  const { owned } = connection;
  if (owned.size >= MAX_OWNED_PER_CONNECTION) return replyError(connection, reqId, "too-many-subscriptions");
  const certified = crypto.verify(publicId, deviceCertMessage({ deviceKey, keyVersion, issuedAt }), cert);
  const message = ownMessage({ relayKey, challenge: connection.challenge, publicId });
  if (!certified || !crypto.verify(deviceKey, message, signature))
    return replyError(connection, reqId, "bad-signature");
  const tag = mailboxTag(publicId);
  owned.add(tagKey(tag));
  reply(connection, { frame: "owned", reqId, tag });
}
