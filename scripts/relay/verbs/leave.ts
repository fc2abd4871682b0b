import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { readKeyFile } from "../../lib/keys.ts";
import { say } from "../../lib/say.ts";
import { CHAIN_OPTIONS, chainOf, NUMBER_OPTION, relayNumber } from "../chainOf.ts";
import { leaveRegistry } from "../registry/leave.ts";
import { relayKeys } from "../relayKeys.ts";

const USAGE = "npm run relay -- leave --dir DIR --deployment FILE --rpc-url URL [--relay NUMBER]";

/**
 * `leave`: takes a relay out of the registry's list; again, when the stake's time of unbonding is over: pays the stake back. With
 * `--relay NUMBER` operator.key alone is enough.
 */
export async function leave(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...CHAIN_OPTIONS, ...NUMBER_OPTION } });
  const number = relayNumber(values.relay);
  const { folder, rpcUrl, deployment } = chainOf(values, USAGE, { relayKey: number === undefined });
  const operator = privateKeyToAccount(readKeyFile(join(folder, "operator.key")));
  const which = number ?? relayKeys(folder).anchor.address;
  const { id, stake, withdrawableAt } = await leaveRegistry({ rpcUrl, deployment, operator, which });
  if (withdrawableAt === undefined) {
    say.step(`Relay ${id} is out of the registry; ${formatEther(stake)} SKM are paid to ${operator.address}.`);
    return 0;
  }
  const when = `${new Date(withdrawableAt * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  say.step(`Relay ${id} has left the list. Its stake of ${formatEther(stake)} SKM is locked until ${when}.`);
  say.note(`Run the same then to be paid: npm run relay -- leave --relay ${id}`);
  return 0;
}
