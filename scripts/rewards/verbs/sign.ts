import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { privateKeyToAccount } from "viem/accounts";
import { operatorRewardsAbi } from "../../../sdk/src/generated/abis.ts";
import { writeJson } from "../../lib/files.ts";
import { readKeyFile } from "../../lib/keys.ts";
import { Refusal, say } from "../../lib/say.ts";
import { attest, earnedOf, toFile } from "../attestation.ts";
import { countHere, placeOf, REWARD_OPTIONS } from "./options.ts";

const USAGE = "npm run chain -- rewards sign --deployment FILE --rpc-url URL --key-file FILE --out FILE";

/** `rewards sign`: an attester counts, by the node it asks, and signs every sum. Whoever claims needs the file, nobody the key. */
export async function sign(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...REWARD_OPTIONS, "key-file": { type: "string" }, out: { type: "string" } },
  });
  const { "key-file": keyFile, out } = values;
  if (!keyFile || !out) throw new Refusal(`Usage: ${USAGE}`);
  if (resolve(out) === resolve(keyFile)) throw new Refusal("--out would be written over the key.");
  const attester = privateKeyToAccount(readKeyFile(keyFile));
  const place = await placeOf(values, USAGE);
  const read = { address: place.contract, abi: operatorRewardsAbi } as const;
  const isAttester = await place.client.readContract({
    ...read,
    functionName: "isAttester",
    args: [attester.address],
  });
  if (!isAttester) throw new Refusal(`${attester.address} is not one of the attesters.`);
  const { tally } = await countHere(place);
  const term = await place.client.readContract({ ...read, functionName: "term" });
  const attestation = await attest({ ...place, term }, earnedOf(tally), attester);
  writeJson(resolve(out), toFile(attestation));
  say.step(`${attester.address} signed ${attestation.rewards.length} sums of all periods before ${tally.next}: ${out}`);
  return 0;
}
