import { Refusal } from "../../lib/say.ts";
import { claim } from "./claim.ts";
import { sign } from "./sign.ts";
import { tally } from "./tally.ts";

const VERBS: Record<string, (args: string[]) => Promise<number>> = { tally, sign, claim };

/** `rewards VERB`: what attesters do, and whoever submits what they signed. */
export async function rewards([verb = "", ...args]: string[]): Promise<number> {
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!run) throw new Refusal(`Usage: npm run chain -- rewards ${Object.keys(VERBS).join(" | ")}`);
  return run(args);
}
