import type { CallMedia, CallRtc } from "../call/types.ts";
import type { Argon2id } from "../crypto/argon2id.ts";
import type { RelayPool, RelayPoolOptions } from "../relay/types.ts";
import type { Store } from "../store/index.ts";
import type { FurtherChain } from "../types/chains.ts";

export interface ClientOptions {
  /**
   * Base URLs of relays to begin with; one is enough, more are safer. All others are found on chain.
   * A page served by a relay passes `[location.origin]`.
   */
  relays: readonly string[];
  /**
   * Further EVM chains that people may pay on, beside the network's own; none unless given. Nothing that a relay says adds to them.
   * Read once: CHAINS_INVALID when they are not as described.
   */
  chains?: readonly FurtherChain[];
  /** Where keys and history are kept. */
  store: Store;
  /** Origin that links point to. The page's own, else the first relay. */
  linkOrigin?: string;
  /** Default: `globalThis.fetch`. Answers to JSON-RPC have to carry the `id` of the request; others count as none. */
  fetch?: typeof fetch;
  /** Default: `globalThis.WebSocket`. */
  webSocket?: typeof WebSocket;
  /** Runs Argon2id elsewhere: in a browser by `argon2idInWorker`. Default: `argon2id`, on the caller's thread. */
  argon2?: Argon2id;
  /** Unix milliseconds. Default: `Date.now`. */
  now?: () => number;
  calls?: {
    rtc?: CallRtc;
    media?: CallMedia;
    /** See CallsInput. */
    framesWorker?: () => Worker;
    /** Read whenever a call starts or is accepted, and before messages go straight to a contact: true hides the address. */
    relayedOnly?: () => boolean;
  };
  /** Makes the relay client; tests put a lying one here. */
  createPool?: (options: RelayPoolOptions) => RelayPool;
}
