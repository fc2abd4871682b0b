import type { Core } from "../../client/core.ts";
import { toHex, utf8 } from "../../crypto/bytes.ts";
import { sha256 } from "../../crypto/hash.ts";
import type { ConversationId } from "../../types/primitives.ts";

/** The relays that order the commits of a new conversation, by rendezvous over its id, which relays never see. */
export const orderRelays = (core: Core, id: ConversationId): number[] =>
  core.pool.relaysFor(toHex(sha256(utf8(`skrumble order ${id}`)))).map((relay) => relay.id);
