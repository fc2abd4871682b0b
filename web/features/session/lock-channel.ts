/** What tabs tell each other about the lock. */
export type LockWord = "locked" | "opened";

const name = "skrumble-lock";

export function sayLock(word: LockWord): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(word);
  channel.close();
}

export function hearLock(listener: (word: LockWord) => void): void {
  new BroadcastChannel(name).onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === "locked" || data === "opened") listener(data);
  };
}
