import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Chain } from "../chain/chain.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Argon2id } from "../crypto/argon2id.ts";
import { SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { JoinInput, JoinStep } from "../types/client.ts";
import { checkName } from "./checkName.ts";
import type { IdentityKeys } from "./derive.ts";
import type { Device } from "./device.ts";
import type { KeptBackups } from "./keptBackups.ts";
import { normalizeName } from "./name.ts";
import { register } from "./register.ts";
import { restore } from "./restore.ts";

export interface JoinContext {
  chain: Chain;
  argon2: Argon2id;
  backups: KeptBackups;
  /** Milliseconds. */
  now: () => number;
  onProgress: (step: JoinStep) => void;
  signal: AbortSignal | undefined;
}

export interface JoinOutcome {
  kind: "registered" | "restored" | "registered-with-backup";
  keys: IdentityKeys;
  device: Device;
  record: IdentityRecord;
  /** The controller key is a new one, which the other devices do not have. */
  replaced?: true;
  /** Made by this join, or by an earlier one on this device that did not come to its end. */
  backup?: Uint8Array;
}

/**
 * From wallet, security code and pseudonym to an identity: registers a new one, or opens the existing one on this device.
 *
 * @throws SkrumbleError NAME_EMPTY, NAME_TOO_SHORT, NAME_TOO_LONG, NAME_FORBIDDEN_CHARACTER, NAME_LOOK_ALIKE, NAME_TAKEN,
 * CODE_EMPTY, CODE_TOO_LONG, WRONG_SECURITY_CODE, BACKUP_INVALID, BACKUP_REQUIRED, IDENTITY_REVOKED, TOO_MANY_DEVICES,
 * WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, WALLET_WRONG_CHAIN, WALLET_HAS_IDENTITY, CHAIN_UNREACHABLE,
 * CHAIN_STALLED, CHAIN_REJECTED, QUORUM_FAILED, ABORTED
 */
export async function joinIdentity(context: JoinContext, input: JoinInput): Promise<JoinOutcome> {
  const { chain, signal } = context;
  throwIfAborted(signal);
  const name = normalizeName(input.pseudonym);
  if (input.securityCode.length === 0) throw new SkrumbleError("CODE_EMPTY");
  context.onProgress("check-name");
  const { wallet } = input;
  const [existing, owned] = await Promise.all([
    readIdentity(chain, { name }, { quorum: true, signal }),
    readIdentity(chain, { owner: wallet.address }, { quorum: true, signal }),
  ]);
  if (existing) {
    if (existing.owner.toLowerCase() !== wallet.address.toLowerCase()) {
      throw new SkrumbleError("NAME_TAKEN", { values: { name } });
    }
    return restore(context, input, existing);
  }
  if (owned) throw new SkrumbleError("WALLET_HAS_IDENTITY", { values: { name: owned.name } });
  const availability = await checkName(chain, name, wallet.address, signal);
  if (availability.kind !== "available") throw new SkrumbleError("NAME_TAKEN", { values: { name } });
  return register(context, input, name);
}
