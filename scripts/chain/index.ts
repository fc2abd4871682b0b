import { Refusal, runVerb } from "../lib/say.ts";
import { rewards } from "../rewards/verbs/rewards.ts";
import { addValidator } from "./qbft/verbs/addValidator.ts";
import { doctor } from "./qbft/verbs/doctor.ts";
import { down } from "./qbft/verbs/down.ts";
import { forget } from "./qbft/verbs/forget.ts";
import { init } from "./qbft/verbs/init.ts";
import { logs } from "./qbft/verbs/logs.ts";
import { removeValidator } from "./qbft/verbs/removeValidator.ts";
import { restartAll } from "./qbft/verbs/restartAll.ts";
import { status } from "./qbft/verbs/status.ts";
import { up } from "./qbft/verbs/up.ts";
import { runLocal } from "./runLocal.ts";

const VERBS: Record<string, (args: string[]) => Promise<number>> = {
  init,
  up,
  down,
  status,
  logs,
  "add-validator": addValidator,
  "remove-validator": removeValidator,
  forget,
  "restart-all": restartAll,
  doctor,
  rewards,
};

/** `npm run chain`: the local chain. `npm run chain -- VERB`: a Besu QBFT network (docs/operating.md), or rewards on any chain (docs/contracts.md). */
await runVerb(async () => {
  const [verb, ...args] = process.argv.slice(2);
  if (verb === undefined || verb.startsWith("-")) return runLocal(process.argv.slice(2));
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!run) throw new Refusal(`Usage: npm run chain [-- ${Object.keys(VERBS).join(" | ")}]`);
  try {
    return await run(args);
  } catch (error) {
    // An option nobody knows is a slip of the person's, not a fault of ours.
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw code.startsWith("ERR_PARSE_ARGS") ? new Refusal((error as Error).message) : error;
  }
});
