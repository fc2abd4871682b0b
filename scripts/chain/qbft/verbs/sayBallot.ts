import { say } from "../../../lib/say.ts";
import type { Ballot } from "../castVotes.ts";
import { nodeName } from "../network.ts";

/** Tells what the votes of one host came to, and what the other hosts have to do. */
export function sayBallot({ voters, needed, of, validators }: Ballot, verb: string): number {
  if (validators) {
    say.step(`${voters.map(nodeName).join(", ")} voted; the chain has ${validators.length} validators now.`);
    say.note("Name them to clients: npm run deploy -- --network NAME, and give the relays the new record.");
    return 0;
  }
  say.step(
    `${voters.map(nodeName).join(", ")} voted. ${needed} of ${of} validators must: up to ${Math.max(0, needed - voters.length)} more, on other hosts.`,
  );
  say.note(`Run there, within some hours: npm run chain -- ${verb}`);
  return 0;
}
