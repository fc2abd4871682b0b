import type { Core } from "../../client/core.ts";
import { createRounds } from "../../client/createRounds.ts";
import { agreementOf } from "../../conversation/content/agreement.ts";
import { agreementPlaces } from "../../conversation/content/agreementIndex.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { codeOf } from "../../errors/index.ts";
import type { ConversationId, MessageId } from "../../types/primitives.ts";
import { concludeByItself } from "./concludeByItself.ts";
import { finishAct, isOver } from "./finishAct.ts";
import { type ActInHand, dropAct, isReady, isUntold, keptActs, readAct } from "./records.ts";

interface Following {
  /** Acts that a call of the program goes on with itself. */
  held: Set<MessageId>;
  /** Agreements, each in its conversation, with which nothing is left to be done unless a message of theirs comes. */
  quiet: Set<string>;
}

export type Pace = "done" | "soon" | "later";

const soon = 1500;
const later = 10_000;
const followings = new WeakMap<Core, Following>();

function followingOf(core: Core): Following {
  const found = followings.get(core) ?? { held: new Set<MessageId>(), quiet: new Set<string>() };
  followings.set(core, found);
  return found;
}

/** Until it is released, an act is left alone. */
export function holdAct(core: Core, id: MessageId): () => void {
  const { held } = followingOf(core);
  held.add(id);
  return () => held.delete(id);
}

const placeOf = (conversationId: ConversationId, agreement: MessageId): string => `${conversationId} ${agreement}`;

/** These came into the history. */
export function noteAgreements(core: Core, conversationId: ConversationId, messages: readonly HistoryMessage[]): void {
  const ours = messages.flatMap(({ id, body }) => (body.type === "agreement" ? [agreementOf(id, body)] : []));
  if (ours.length === 0) return;
  for (const id of ours) followingOf(core).quiet.delete(placeOf(conversationId, id));
  wakeAgreements(core);
}

/**
 * Goes on with what this person does with escrows, and puts on chain what everybody has signed. It asks the chain only while
 * there is something to do.
 */
const rounds = createRounds(async (core) => {
  const paces = await everything(core, followingOf(core)).catch((): Pace[] => ["later"]);
  if (paces.every((pace) => pace === "done")) return undefined;
  return paces.includes("soon") ? soon : later;
});

/** There is something to do, or may be. */
export const wakeAgreements = (core: Core): void => rounds.wake(core);

/** Resolves when nothing is under way any more. */
export const agreementsIdle = (core: Core): Promise<void> => rounds.idle(core);

async function everything(core: Core, { held, quiet }: Following): Promise<Pace[]> {
  const paces: Pace[] = [];
  for (const { id } of await keptActs(core.vault)) {
    if (core.signal.aborted) break;
    if (held.has(id)) continue;
    // While the round was busy with others, a call of the program may have come to its end with this one.
    const record = await readAct(core.vault, id);
    if (record) paces.push(await goOn(core, record));
  }
  for (const place of await agreementPlaces(core.vault)) {
    if (core.signal.aborted) break;
    const key = placeOf(place.conversationId, place.agreement);
    if (quiet.has(key)) continue;
    const pace = await concludeByItself(core, place).catch((): Pace => "later");
    if (pace === "done") quiet.add(key);
    paces.push(pace);
  }
  return paces;
}

async function goOn(core: Core, record: ActInHand): Promise<Pace> {
  // The wallet was never heard: nobody has its signature.
  if (!isReady(record)) {
    await dropAct(core.vault, record);
    return "done";
  }
  return finishAct(core, record).then(
    (): Pace => "done",
    (error): Pace => {
      // It is on chain: nobody has to hear of more.
      if (isUntold(record)) return "later";
      if (!isOver(error) || core.signal.aborted) return "later";
      core.problem(codeOf(error));
      return "done";
    },
  );
}
