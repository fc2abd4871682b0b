import type { Chain } from "../chain/chain.ts";
import type { ContactBook } from "../contacts/book.ts";
import type { Outbox } from "../conversation/outbox.ts";
import type { Threads } from "../conversation/threads.ts";
import type { ErrorCode } from "../errors/index.ts";
import type { RelayPool } from "../relay/types.ts";
import type { Vault } from "../store/index.ts";
import type { ClientEvents } from "../types/client.ts";
import type { Emitter } from "./events.ts";
import type { Self } from "./self.ts";
import type { Serial } from "./serial.ts";

/** What the rooms of a joined client share. One per identity and device. */
export interface Core {
  readonly self: Self;
  readonly vault: Vault;
  readonly chain: Chain;
  readonly pool: RelayPool;
  readonly book: ContactBook;
  readonly threads: Threads;
  readonly outbox: Outbox;
  /** One lane per conversation: its ratchets and counters are changed by one task at a time. */
  readonly serial: Serial;
  readonly events: Emitter<ClientEvents>;
  /** Ends every wait when the client closes. */
  readonly signal: AbortSignal;
  now(): number;
  /** Tells the program of something that went wrong in the background. */
  problem(code: ErrorCode): void;
}
