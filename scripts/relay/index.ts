import { Refusal, runVerb } from "../lib/say.ts";
import { keys } from "./verbs/keys.ts";
import { leave } from "./verbs/leave.ts";
import { register } from "./verbs/register.ts";
import { rotate } from "./verbs/rotate.ts";

const VERBS: Record<string, (args: string[]) => Promise<number>> = { keys, register, rotate, leave };

/** `npm run relay -- VERB`: what the operator of one relay does beside running it (docs/operating.md). */
await runVerb(async () => {
  const [verb = "", ...args] = process.argv.slice(2);
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!run) throw new Refusal(`Usage: npm run relay -- ${Object.keys(VERBS).join(" | ")}`);
  try {
    return await run(args);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw code.startsWith("ERR_PARSE_ARGS") ? new Refusal((error as Error).message) : error;
  }
});
