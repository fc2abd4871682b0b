import type { Random } from "./random.ts";

/** What one relay does to the mail it is given. All of it at once is possible. */
export interface MailFaults {
  away: boolean;
  /** Signs for it and throws it away. */
  drops: boolean;
  /** Keeps it back for so long, in milliseconds. */
  delay: number;
  replays: boolean;
  corrupts: boolean;
  /** Hands new mail out before what waits longer. */
  reorders: boolean;
}

export interface MailboxRelays {
  readonly relays: MailFaults[];
  /** Gives a payload to all of them. @returns how many signed for it */
  post(payload: Uint8Array, handOn: (payload: Uint8Array) => void): number;
  /** Hands on what is due. */
  release(): void;
  /** All are honest and hand out what they have kept back. */
  heal(): void;
}

const honest = (): MailFaults => ({
  ...{ away: false, drops: false, delay: 0, replays: false, corrupts: false, reorders: false },
});

interface Kept {
  payload: Uint8Array;
  due: number;
  handOn(payload: Uint8Array): void;
}

/** As long as one relay of the three is honest, mail arrives; the rest is what senders have to make good. */
export function createMailboxRelays(count: number, random: Random, now: () => number): MailboxRelays {
  const relays = Array.from({ length: count }, honest);
  let kept: Kept[] = [];

  const release = () => {
    const due = kept.filter((one) => one.due <= now());
    kept = kept.filter((one) => one.due > now());
    for (const { payload, handOn } of due) handOn(payload);
  };

  const give = (faults: MailFaults, payload: Uint8Array, handOn: Kept["handOn"]) => {
    const bytes = payload.slice();
    const at = random.below(bytes.length);
    if (faults.corrupts) bytes[at] = (bytes[at] ?? 0) ^ 1;
    const wait = faults.delay + (faults.reorders ? random.below(3000) : 0);
    if (faults.replays) kept.push({ payload: bytes, due: now() + random.below(3_600_000), handOn });
    if (wait === 0) handOn(bytes);
    else kept.push({ payload: bytes, due: now() + wait, handOn });
  };

  return {
    relays,
    post(payload, handOn) {
      const there = relays.filter(({ away }) => !away);
      const keeping = there.filter(({ drops }) => !drops);
      // The same from two honest relays is the same to the device, which tells doubles apart: one is enough.
      const fair = keeping.find(
        ({ delay, corrupts, reorders, replays }) => !(delay || corrupts || reorders || replays),
      );
      if (fair) give(fair, payload, handOn);
      for (const faults of keeping) if (faults.replays || !fair) give(faults, payload, handOn);
      return there.length;
    },
    release,
    heal() {
      relays.splice(0, count, ...Array.from({ length: count }, honest));
      for (const one of kept) one.due = 0;
      release();
    },
  };
}
