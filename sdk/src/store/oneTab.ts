import { SkrumbleError } from "../errors/index.ts";

/** A page that is just being left or reloaded lets go within this time. */
const patience = 3000;

/** Times that much is waited for a browser that is busy, as long as nobody has it. */
const rounds = 5;

/**
 * One tab leads: two tabs on one ratchet would reuse its keys.
 * @returns how to let go
 * @throws SkrumbleError ALREADY_OPEN
 */
export async function oneTab(name: string, steal: boolean, onLost: () => void): Promise<(() => void) | undefined> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const lock = `skrumble store ${name}`;
  for (let round = 1; ; round++) {
    try {
      return await request(locks, lock, steal, onLost);
    } catch (cause) {
      const isHeld = (await locks.query()).held?.some((one) => one.name === lock);
      if (steal || isHeld || round === rounds) throw new SkrumbleError("ALREADY_OPEN", { cause });
    }
  }
}

function request(locks: LockManager, lock: string, steal: boolean, onLost: () => void): Promise<() => void> {
  const options: LockOptions = steal ? { steal: true } : { signal: AbortSignal.timeout(patience) };
  return new Promise((resolve, reject) => {
    let held = false;
    const done = locks.request(lock, options, () => {
      held = true;
      return new Promise<void>((release) => resolve(release));
    });
    // Rejects when the patience is over, and later when another tab steals the lock.
    done.catch((error) => (held ? onLost() : reject(error)));
  });
}
