import { type PskId, pskTypes } from "ts-mls";
import { refused } from "./refused.ts";
import { reader } from "./tls.ts";

export interface GroupSecrets {
  joinerSecret: Uint8Array;
  pathSecret?: Uint8Array;
  pskId?: PskId;
}

/** RFC 9420 section 12.4.3.1, with at most one external pre-shared key. @throws SkrumbleError MLS_FAILED */
export function decodeGroupSecrets(bytes: Uint8Array): GroupSecrets {
  const secrets = reader(bytes);
  const joinerSecret = secrets.vector();
  const present = secrets.byte();
  const pathSecret = present === 1 ? secrets.vector() : undefined;
  const psks = secrets.vector();
  if (!secrets.done() || joinerSecret.length !== 32 || present > 1) throw refused("Not group secrets.");
  return {
    joinerSecret,
    ...(pathSecret ? { pathSecret } : {}),
    ...(psks.length > 0 ? { pskId: decodePskId(psks) } : {}),
  };
}

function decodePskId(bytes: Uint8Array): PskId {
  const ids = reader(bytes);
  if (ids.byte() !== pskTypes.external) throw refused("Only external pre-shared keys are used.");
  const id = { psktype: pskTypes.external, pskId: ids.vector(), pskNonce: ids.vector() };
  if (!ids.done()) throw refused("More than one pre-shared key.");
  return id;
}
