import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
import { type AgreementRow, agreementRows } from "../../conversation/content/agreementIndex.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { codeOf } from "../../errors/index.ts";
import type { MessageId } from "../../types/primitives.ts";
import { concludeByItself } from "./concludeByItself.ts";
import { finishAct, refusals } from "./finishAct.ts";
import { type ActInHand, dropAct, keptActs } from "./records.ts";

/**
 * Goes on with what this person does with escrows, and puts on chain what everybody has signed. It asks the chain only while
 * there is something to do.
 */
interface Following {
  running: Promise<void> | undefined;
  again: boolean;
  wake: (() => void) | undefined;
  /** Acts that a call of the program goes on with itself. */
  held: Set<MessageId>;
  /** Agreements with which nothing is left to be done, unless a message of theirs comes. */
  quiet: Set<MessageId>;
}

export type Pace = "done" | "soon" | "later";

const soon = 1500;
const later = 10_000;
const followings = new WeakMap<Core, Following>();

function followingOf(core: Core): Following {
  const found = followings.get(core) ?? {
    ...{ running: undefined, again: false, wake: undefined },
    ...{ held: new Set<MessageId>(), quiet: new Set<MessageId>() },
  };
  followings.set(core, found);
  return found;
}

/** Until it is released, an act is left alone. */
export function holdAct(core: Core, id: MessageId): () => void {
  const { held } = followingOf(core);
  held.add(id);
  return () => held.delete(id);
}

/** These came into the history. */
export function noteAgreements(core: Core, messages: readonly HistoryMessage[]): void {
  const ours = messages.flatMap(({ id, body }) =>
    body.type === "agreement" ? [body.step.did === "proposed" ? id : body.step.of] : [],
  );
  if (ours.length === 0) return;
  for (const id of ours) followingOf(core).quiet.delete(id);
  wakeAgreements(core);
}

/** There is something to do, or may be. */
export function wakeAgreements(core: Core): void {
  const following = followingOf(core);
  following.again = true;
  following.wake?.();
  if (following.running || core.signal.aborted) return;
  following.running = run(core, following).finally(() => {
    following.running = undefined;
    if (following.again) wakeAgreements(core);
  });
}

/** Resolves when nothing is under way any more. */
export const agreementsIdle = async (core: Core): Promise<void> => followings.get(core)?.running;

async function run(core: Core, following: Following): Promise<void> {
  while (!core.signal.aborted) {
    following.again = false;
    const paces = await everything(core, following).catch((): Pace[] => ["later"]);
    if (following.again) continue;
    if (paces.every((pace) => pace === "done")) return;
    await pauseFor(core.signal, paces.includes("soon") ? soon : later, (wake) => {
      following.wake = wake;
    });
    following.wake = undefined;
  }
}

async function everything(core: Core, { held, quiet }: Following): Promise<Pace[]> {
  const paces: Pace[] = [];
  for (const record of await keptActs(core.vault)) {
    if (core.signal.aborted) break;
    if (!held.has(record.id)) paces.push(await goOn(core, record));
  }
  for (const row of await everyAgreement(core)) {
    if (core.signal.aborted) break;
    if (quiet.has(row.agreement)) continue;
    const pace = await concludeByItself(core, row).catch((): Pace => "later");
    if (pace === "done") quiet.add(row.agreement);
    paces.push(pace);
  }
  return paces;
}

async function goOn(core: Core, record: ActInHand): Promise<Pace> {
  // The wallet was never heard: nobody has its signature.
  if (!record.ready) {
    await dropAct(core.vault, record);
    return "done";
  }
  return finishAct(core, record).then(
    (): Pace => "done",
    (error): Pace => {
      const code = codeOf(error);
      if (!refusals.includes(code) || core.signal.aborted) return "later";
      core.problem(code);
      return "done";
    },
  );
}

async function everyAgreement(core: Core): Promise<AgreementRow[]> {
  const byAgreement = new Map((await agreementRows(core.vault)).map((row) => [row.agreement, row]));
  return [...byAgreement.values()];
}
