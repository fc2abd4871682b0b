import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal, say } from "../../lib/say.ts";
import { relayKeys } from "../relayKeys.ts";

/** `keys --dir DIR`: makes a relay's keys, or tells whose they are when they are there. */
export async function keys(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { dir: { type: "string" } } });
  if (!values.dir) throw new Refusal("Usage: npm run relay -- keys --dir DIR");
  const folder = resolve(values.dir);
  const { operator, anchor, signingKey } = relayKeys(folder);
  say.step(`The relay's keys are in ${folder}`);
  console.log(`  operator      ${operator.address}`);
  console.log(`  anchor key    ${anchor.address}`);
  console.log(`  signing key   ${signingKey}`);
  say.note("operator.key owns the stake: keep it off the relay's machine. relay.key.json is what the relay reads.");
  return 0;
}
