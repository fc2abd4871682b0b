/** One tab holds the keys and writes the state; the others wait politely. */
export interface Leadership {
  release(): void;
}

const name = "skrumble-lead";
/** A tab that was put to sleep cannot answer: after this long the lead is taken without its word. */
const patience = 3_000;

interface LeadOptions {
  /** Ask the leading tab to step back, and take over. */
  steal?: boolean;
  /** Wait until nobody leads any more, unless this is aborted before; then the first to ask does. */
  wait?: AbortSignal;
  /** The lead was taken; resolves when this tab has written and closed everything. */
  onLost(): Promise<void>;
  locks?: LockManager;
}

/** Resolves with the lead, or with nothing when another tab has it. */
export async function leadTab({
  steal = false,
  wait,
  onLost,
  locks = navigator.locks,
}: LeadOptions): Promise<Leadership | undefined> {
  if (!locks) return { release() {} }; // very old browsers: nothing to coordinate with
  if (wait && !(await nobodyLeads(locks, wait))) return undefined;
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

/**
 * Shared, because those who wait must not stand in the way of one that takes over: its request is in line by then, and
 * theirs find the lead taken.
 */
const nobodyLeads = (locks: LockManager, signal: AbortSignal): Promise<boolean> =>
  locks.request(name, { mode: "shared", signal }, () => true).catch(() => false);

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
