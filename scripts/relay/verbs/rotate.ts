import { renameSync } from "node:fs";
import { parseArgs } from "node:util";
import { syncFolder } from "../../lib/files.ts";
import { say } from "../../lib/say.ts";
import { relayKeys } from "../../relays/keys.ts";
import { rotateRelayKeys } from "../../relays/register.ts";
import { CHAIN_OPTIONS, chainOf } from "../chainOf.ts";

const NEXT = "relay.next.key.json";

/**
 * `rotate`: gives a relay new signing and anchor keys. They are on disk before the registry names them, so an interruption at any
 * moment loses neither pair: running it again goes on.
 */
export async function rotate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: CHAIN_OPTIONS });
  const { folder, rpcUrl, deployment } = chainOf(
    values,
    "npm run relay -- rotate --dir DIR --deployment FILE --rpc-url URL",
  );
  const [keys, next] = [relayKeys(folder), relayKeys(folder, NEXT)];
  const id = await rotateRelayKeys({ rpcUrl, deployment, keys, next });
  renameSync(next.file, keys.file);
  syncFolder(folder);
  say.step(`Relay ${id} has new keys: anchor key ${next.anchor.address}`);
  say.note(
    "Give the relay the new relay.key.json and restart it now: what it signs with the old keys no longer counts.",
  );
  return 0;
}
