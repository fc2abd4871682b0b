import { say } from "../../../lib/say.ts";
import type { Ballot } from "../castVotes.ts";
import { nodeName } from "../network.ts";

/** Tells what the votes of one host came to, and what the other hosts have to do. */
export function sayBallot({ voters, cast, needed, of, forgotten, validators }: Ballot, verb: string): number {
  if (validators) {
    say.step(`${voters.map(nodeName).join(", ")} voted; the chain has ${validators.length} validators now.`);
    say.note("Name them to clients: npm run deploy -- --network NAME, and give the relays the new record.");
    return 0;
  }
  say.step(
    `${voters.map(nodeName).join(", ")} voted. ${needed} of ${of} validators must, and the votes of ${cast} count now: ${Math.max(0, needed - cast)} more, on other hosts.`,
  );
  const minutes = Math.floor(forgotten.seconds / 60);
  const left = minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
  say.note(`Run there: npm run chain -- ${verb}`);
  say.note(
    `At block ${forgotten.block}, in ${left}, all votes are forgotten: if the set is the old one then, run it everywhere anew.`,
  );
  return 0;
}
