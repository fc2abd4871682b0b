import { parseArgs } from "node:util";
import { formatEther, getAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { operatorRewardsAbi } from "../../../sdk/src/generated/abis.ts";
import { createSender } from "../../deploy/sender.ts";
import { readKeyFile } from "../../lib/keys.ts";
import { Refusal, say } from "../../lib/say.ts";
import { KINDS, readAttestation } from "../attestation.ts";
import { type Attesters, type Claim, joinAttestations } from "../joinAttestations.ts";
import { type Place, placeOf, REWARD_OPTIONS } from "./options.ts";

const USAGE = "npm run chain -- rewards claim --deployment FILE --rpc-url URL --key-file FILE ATTESTATION...";
/** As many as there can be attesters. */
const MOST_FILES = 64;

/** `rewards claim`: submits what enough attesters signed. Anybody's key will do; the operators alone are paid. */
export async function claim(args: string[]): Promise<number> {
  const { values, positionals: files } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...REWARD_OPTIONS, "key-file": { type: "string" } },
  });
  const { "key-file": keyFile } = values;
  if (!keyFile || files.length === 0 || files.length > MOST_FILES) throw new Refusal(`Usage: ${USAGE}`);
  const account = privateKeyToAccount(readKeyFile(keyFile));
  const given = files.map(readAttestation);
  const place = await placeOf(values, USAGE);
  const now = await attestersOf(place);
  const { claims, left } = await joinAttestations(given, now);
  for (const why of left) say.warn(why);
  if (claims.length === 0) {
    throw new Refusal(`No sum has the signatures of ${now.threshold} attesters. Gather more files of theirs.`);
  }
  const sender = createSender({ rpcUrl: place.rpcUrl, chainId: place.chainId, account });
  let failed = 0;
  for (const one of claims) {
    const due = await payable(place, one);
    if (due === 0n) {
      say.note(`${one.operator} (${one.kind}): nothing is owed, or there is no room for it in this period.`);
      continue;
    }
    try {
      const { kind, operator, cumulative, signatures } = one;
      await sender.send(place.contract, operatorRewardsAbi, "claim", [
        KINDS.indexOf(kind),
        operator,
        cumulative,
        signatures,
      ]);
      say.step(`${formatEther(due)} SKM to ${operator} (${kind})`);
    } catch (error) {
      // Somebody else may have claimed it meanwhile; the others are paid all the same.
      failed++;
      say.warn(`${one.operator} (${one.kind}) was not paid: ${(error as Error).message.split("\n", 1)[0]}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

async function attestersOf({ client, chainId, contract }: Place): Promise<Attesters> {
  const at = { address: contract, abi: operatorRewardsAbi } as const;
  const [term, attesters, threshold] = await Promise.all([
    client.readContract({ ...at, functionName: "term" }),
    client.readContract({ ...at, functionName: "attesters" }),
    client.readContract({ ...at, functionName: "threshold" }),
  ]);
  return { chainId, contract, term, attesters: attesters.map((one) => getAddress(one)), threshold: Number(threshold) };
}

const payable = ({ client, contract }: Place, { kind, operator, cumulative }: Claim): Promise<bigint> =>
  client.readContract({
    address: contract,
    abi: operatorRewardsAbi,
    functionName: "payableNow",
    args: [KINDS.indexOf(kind), operator, cumulative],
  });
