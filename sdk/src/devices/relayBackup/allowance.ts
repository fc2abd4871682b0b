import { formatUnits } from "viem";
import { readStanding } from "../../chain/actions/readStanding.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { ownWallet } from "../../identity/ownWallet.ts";
import type { BackupAllowance } from "../../types/devices.ts";

const place = { collection: "settings", key: "backup allowance" } as const;

/** As the vault has it: JSON has no number for SKM. */
interface Kept extends Omit<BackupAllowance, "next"> {
  next?: Omit<NonNullable<BackupAllowance["next"]>, "missing"> & { missing: string };
}

/**
 * What the tier of this person gives a backup; two operators must agree. Where the chain does not answer, what it said last
 * holds: nobody's backups stop because of its silence.
 * @throws SkrumbleError what `readStanding` throws, before anything was ever read
 */
export async function readAllowance(core: Core): Promise<BackupAllowance> {
  try {
    const allowance = await fromChain(core);
    const { next, ...room } = allowance;
    const value: Kept = { ...room, ...(next ? { next: { ...next, missing: String(next.missing) } } : {}) };
    await core.vault.write([{ ...place, value }]);
    return allowance;
  } catch (error) {
    const last = await core.vault.get<Kept>(place.collection, place.key);
    if (last === undefined || core.signal.aborted) throw error;
    const { next, ...room } = last;
    return { ...room, ...(next ? { next: { ...next, missing: BigInt(next.missing) } } : {}) };
  }
}

async function fromChain(core: Core): Promise<BackupAllowance> {
  const { chain, signal } = core;
  const options = { quorum: true, signal };
  const { name, backup, higherTiers } = await readStanding(chain, await ownWallet(core), options);
  const next = higherTiers
    .map((tier) => ({ name: tier.name, missing: tier.missing, ...tier.backup }))
    .find(({ bytes, days }) => bytes > backup.bytes || days > backup.days);
  return { tier: name, ...backup, ...(next ? { next } : {}) };
}

/** @param needed bytes of the smallest backup of this person */
export function overTier({ tier, bytes, days, next }: BackupAllowance, needed: number): SkrumbleError {
  const more = next ? { next: next.name, missing: formatUnits(next.missing, 18) } : {};
  return new SkrumbleError("BACKUP_OVER_TIER", { values: { tier, bytes, days, needed, ...more } });
}
