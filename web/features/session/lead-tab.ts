/** One tab holds the keys and writes the state; the others wait politely. */
export interface Leadership {
  release(): void;
}

const name = "skrumble-lead";
/** A tab that was put to sleep cannot answer: after this long the lead is taken without its word. */
const patience = 3_000;

interface LeadOptions {
  /** Ask the leading tab to step back, and take over. */
  steal: boolean;
  /** The lead was taken; resolves when this tab has written and closed everything. */
  onLost(): Promise<void>;
  locks?: LockManager;
}

/** Resolves with the lead, or with nothing when another tab has it. */
export async function leadTab({
  steal,
  onLost,
  locks = navigator.locks,
}: LeadOptions): Promise<Leadership | undefined> {
  if (!locks) return { release() {} }; // very old browsers: nothing to coordinate with
  if (!steal) return hold(locks, { ifAvailable: true }, onLost);
  const channel = new BroadcastChannel(name);
  channel.postMessage("step back");
  channel.close();
  try {
    return await hold(locks, { signal: AbortSignal.timeout(patience) }, onLost);
  } catch {
    return hold(locks, { steal: true }, onLost);
  }
}

function hold(locks: LockManager, options: LockOptions, onLost: () => Promise<void>): Promise<Leadership | undefined> {
  return new Promise((resolve, reject) => {
    let led = false;
    const held = locks.request(name, options, async (lock) => {
      if (!lock) return resolve(undefined);
      led = true;
      await new Promise<void>((release) => {
        const channel = new BroadcastChannel(name);
        channel.onmessage = async () => {
          channel.close();
          await onLost();
          release();
        };
        resolve({
          release() {
            // Who has let go is not asked to step back any more.
            channel.close();
            release();
          },
        });
      });
    });
    held.catch((error: unknown) => (led ? void onLost() : reject(error)));
  });
}
