import { stretchBeside } from "./stretch.ts";
import type { StoreLock, UnlockedKey } from "./types.ts";

/** The lock of this device's store, by the SDK's verbs. */
export const storeLock = {
  async read(): Promise<StoreLock> {
    const { readStoreLock } = await import("@skrumble/sdk");
    return readStoreLock();
  },
  /** Nothing where there is no lock any more. */
  async open(securityCode: string): Promise<UnlockedKey | undefined> {
    const { unlockStore } = await import("@skrumble/sdk");
    return unlockStore({ securityCode, argon2: await stretchBeside() });
  },
  async set(securityCode: string, onProgress: (done: number) => void): Promise<UnlockedKey> {
    const { lockStore } = await import("@skrumble/sdk");
    return lockStore({ securityCode, argon2: await stretchBeside(), onProgress });
  },
  async remove(securityCode: string): Promise<void> {
    const { removeStoreLock } = await import("@skrumble/sdk");
    return removeStoreLock({ securityCode, argon2: await stretchBeside() });
  },
  async erase(): Promise<void> {
    const { eraseStore } = await import("@skrumble/sdk");
    return eraseStore();
  },
};
