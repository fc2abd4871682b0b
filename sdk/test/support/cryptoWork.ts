/** Cryptography runs on other threads and takes real time; a test whose clock is its own must not run ahead of it. */
export interface CryptoWork {
  /** Resolves once no operation has been under way for some turns of the event loop. */
  rest(): Promise<void>;
  readonly busy: boolean;
  stop(): void;
}

const operations = [
  ...["encrypt", "decrypt", "sign", "verify", "digest"],
  ...["importKey", "exportKey", "deriveBits", "deriveKey", "generateKey"],
] as const;
/** What follows an operation may need some before it begins the next. */
const quietTurns = 8;

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Watches `crypto.subtle` of this process until `stop`. */
export function watchCrypto(): CryptoWork {
  const subtle = crypto.subtle as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  let pending = 0;
  for (const name of operations) {
    const original = subtle[name]?.bind(subtle);
    if (!original) continue;
    const counted = (...args: unknown[]) => {
      pending++;
      return original(...args).finally(() => pending--);
    };
    Object.defineProperty(subtle, name, { value: counted, configurable: true });
  }
  return {
    async rest() {
      for (let quiet = 0; quiet < quietTurns; ) {
        await turn();
        quiet = pending > 0 ? 0 : quiet + 1;
      }
    },
    get busy() {
      return pending > 0;
    },
    stop() {
      for (const name of operations) Reflect.deleteProperty(subtle, name);
    },
  };
}
