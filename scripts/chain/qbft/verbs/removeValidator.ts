import { parseArgs } from "node:util";
import { Refusal, say } from "../../../lib/say.ts";
import { castVotes } from "../castVotes.ts";
import { changeValidators } from "../changeValidators.ts";
import { FEWEST_VALIDATORS, isSpread, networkFolder, nodeName, readLocalNetwork } from "../network.ts";
import { sayBallot } from "./sayBallot.ts";
import { validatorAddress } from "./validatorAddress.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** `remove-validator NODE | ADDRESS`: the others vote it out, or, on one of several hosts, those of this host do. Its node goes on following the chain. */
export async function removeValidator(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      dir: { type: "string" },
      wait: { type: "string", default: "120" },
      force: { type: "boolean", default: false },
    },
  });
  const seconds = wholeNumber("wait", values.wait, 1, 3_600);
  const [who, more] = positionals;
  if (who === undefined || more !== undefined) {
    throw new Refusal("Usage: npm run chain -- remove-validator NODE | ADDRESS");
  }
  const network = readLocalNetwork(networkFolder(values.dir));
  const address = validatorAddress(network, who);
  const fewest = values.force ? 1 : FEWEST_VALIDATORS;
  if (isSpread(network)) {
    const ballot = await castVotes(network, { address, add: false, seconds, fewest });
    return sayBallot(ballot, `remove-validator ${address}${values.force ? " --force" : ""}`);
  }
  const { voters, validators } = await changeValidators(network, { address, add: false, seconds, fewest });
  say.step(`${voters.map(nodeName).join(", ")} voted; ${validators.length} validators are left.`);
  say.note("Name them to clients: npm run deploy -- --network NAME, and give the relays the new record.");
  return 0;
}
