import type { Chain } from "../chain/chain.ts";
import type { ContactBook } from "../contacts/book.ts";
import type { Intents } from "../conversation/commit/intents.ts";
import type { Outbox } from "../conversation/outbox.ts";
import type { People } from "../conversation/people.ts";
import type { Search } from "../conversation/search/index.ts";
import type { Sweeper } from "../conversation/sweeper.ts";
import type { Threads } from "../conversation/threads.ts";
import type { ErrorCode } from "../errors/index.ts";
import type { Payments } from "../money/payments.ts";
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
  /** Everybody one has a conversation with, as the registry knows them. */
  readonly people: People;
  /** What this device wants of its groups. */
  readonly intents: Intents;
  readonly outbox: Outbox;
  /** One lane per conversation: its ratchets and counters are changed by one task at a time. */
  readonly serial: Serial;
  readonly events: Emitter<ClientEvents>;
  /** Ends every wait when the client closes. */
  readonly signal: AbortSignal;
  /** Removes messages that disappear. */
  readonly sweeper: Sweeper;
  readonly search: Search;
  /** Finds out what became of payments. */
  readonly payments: Payments;
  now(): number;
  /** An epoch began: what came too early for it may be read now. */
  wakeParked(): void;
  /** Tells the program of something that went wrong in the background. */
  problem(code: ErrorCode): void;
}
