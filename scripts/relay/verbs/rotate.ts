import { renameSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { syncFolder } from "../../lib/files.ts";
import { say } from "../../lib/say.ts";
import { CHAIN_OPTIONS, chainOf, NUMBER_OPTION, relayNumber } from "../chainOf.ts";
import { rotateRelayKeys } from "../registry/register.ts";
import { relayKeys } from "../relayKeys.ts";

const NEXT = "relay.next.key.json";

/**
 * `rotate`: gives a relay new signing and anchor keys. They are on disk before the registry names them, so an interruption at any
 * moment loses neither pair: running it again goes on. With `--relay NUMBER` the old pair may be lost.
 */
export async function rotate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...CHAIN_OPTIONS, ...NUMBER_OPTION } });
  const number = relayNumber(values.relay);
  const { folder, rpcUrl, deployment } = chainOf(
    values,
    "npm run relay -- rotate --dir DIR --deployment FILE --rpc-url URL [--relay NUMBER]",
    { relayKey: number === undefined },
  );
  const which = number ?? relayKeys(folder).anchor.address;
  const next = relayKeys(folder, NEXT);
  const id = await rotateRelayKeys({ rpcUrl, deployment, operator: next.operator, which, next });
  renameSync(next.file, join(folder, "relay.key.json"));
  syncFolder(folder);
  say.step(`Relay ${id} has new keys: anchor key ${next.anchor.address}`);
  say.note(
    "Give the relay the new relay.key.json and restart it now: what it signs with the old keys no longer counts.",
  );
  return 0;
}
