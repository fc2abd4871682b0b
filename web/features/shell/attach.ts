import type { Client } from "../../lib/types.ts";
import { attachCalls } from "../calls/model.ts";
import { attachChats } from "../chats/model.ts";
import { attachContacts } from "../contacts/model.ts";
import { attachDevices } from "../devices/model.ts";
import { attachTransfers } from "../devices/transfers.ts";
import { attachKnocks } from "../groups/joins.ts";
import { attachRenewals } from "../trust/renewal.ts";
import { attachConnection } from "./connection.ts";

/** Everything that listens to the client while somebody is in. */
export function attachAll(client: Client): () => void {
  const stops = [
    attachContacts(client),
    attachChats(client),
    attachCalls(client),
    attachKnocks(client),
    attachDevices(client),
    attachTransfers(client),
    attachRenewals(client),
    attachConnection(client),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
