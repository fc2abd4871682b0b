import { parseArgs } from "node:util";
import { formatEther } from "viem";
import { say } from "../../lib/say.ts";
import { earnedOf } from "../attestation.ts";
import { countHere, placeOf, REWARD_OPTIONS } from "./options.ts";

const USAGE = "npm run chain -- rewards tally --deployment FILE --rpc-url URL";

/** `rewards tally`: counts from the chain what everybody has earned, in the periods that have ended. */
export async function tally(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: REWARD_OPTIONS });
  const { tally: counted } = await countHere(await placeOf(values, USAGE));
  const earned = earnedOf(counted);
  for (const { kind, operator, cumulative } of earned)
    console.log(`  ${kind.padEnd(10)} ${operator} ${formatEther(cumulative)} SKM`);
  say.step(`${earned.length} sums, all periods before ${counted.next} counted.`);
  return 0;
}
