import { readDevices } from "../chain/actions/readDevices.ts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Chain } from "../chain/chain.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { equalBytes, fromHex } from "../crypto/bytes.ts";
import { isAgreementKey, isSigningKey } from "../crypto/keys.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";

export interface VerifiedPeer {
  record: IdentityRecord;
  devices: Uint8Array[];
}

/** A device that was enrolled a moment ago may take a block to show at every relay. */
export const registryTries = 4;
export const registryPause = 700;

/**
 * What the registry says of a person, agreed on by two operators.
 * @throws SkrumbleError PERSON_NOT_FOUND (also with keys that nobody can hold a secret to), IDENTITY_CHANGED (an outdated public ID), IDENTITY_REVOKED, QUORUM_FAILED, CHAIN_UNREACHABLE, ABORTED
 */
export async function readPeer(chain: Chain, publicId: PublicId, signal?: AbortSignal): Promise<IdentityRecord> {
  const record = await readIdentity(chain, { publicId }, { quorum: true, signal });
  if (!record) throw new SkrumbleError("PERSON_NOT_FOUND");
  if (record.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  if (record.publicId !== publicId) throw new SkrumbleError("IDENTITY_CHANGED");
  if (!isSigningKey(fromHex(publicId)) || !isAgreementKey(fromHex(record.agreementKey))) {
    throw new SkrumbleError("PERSON_NOT_FOUND", { details: "The registered keys are of small order." });
  }
  return record;
}

/**
 * Also has the devices, among which `device` must be. @throws what {@link readPeer} throws; IDENTITY_CHANGED without it
 * @param tries how often the registry is read before that is believed
 */
export async function verifyPeer(
  chain: Chain,
  publicId: PublicId,
  device: Uint8Array,
  signal?: AbortSignal,
  tries = registryTries,
): Promise<VerifiedPeer> {
  for (let at = 1; ; at++) {
    const record = await readPeer(chain, publicId, signal);
    const devices = await readDevices(chain, record, signal);
    if (devices.some((known) => equalBytes(known, device))) return { record, devices };
    if (at >= tries) throw new SkrumbleError("IDENTITY_CHANGED", { details: "The device is not in the registry." });
    await new Promise((resolve) => setTimeout(resolve, registryPause));
  }
}
