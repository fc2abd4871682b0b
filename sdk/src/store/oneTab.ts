import { SkrumbleError } from "../errors/index.ts";

/** A page that is just being left or reloaded lets go within this time. */
const patience = 3000;

/** One tab leads: two tabs on one ratchet would reuse its keys. @returns how to let go */
export async function oneTab(name: string, steal: boolean, onLost: () => void): Promise<(() => void) | undefined> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const options: LockOptions = steal ? { steal: true } : { signal: AbortSignal.timeout(patience) };
  return new Promise((resolve, reject) => {
    let held = false;
    const done = locks.request(`skrumble store ${name}`, options, () => {
      held = true;
      return new Promise<void>((release) => resolve(release));
    });
    // Rejects when the patience is over, and later when another tab steals the lock.
    done.catch((error) => (held ? onLost() : reject(new SkrumbleError("ALREADY_OPEN", { cause: error }))));
  });
}
