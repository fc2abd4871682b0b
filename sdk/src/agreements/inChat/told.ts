import type { Told } from "../../types/agreed.ts";
import type { MessageId, Millis } from "../../types/primitives.ts";
import type { Concluded } from "./concluded.ts";
import { type CheckedAct, lag } from "./events.ts";
import type { Said } from "./said.ts";

interface Known {
  acts: readonly CheckedAct[];
  signatures: ReadonlyMap<MessageId, Told>;
  concluded: Concluded | undefined;
  /** The chain could be asked. */
  asked: boolean;
  now: Millis;
}

/** What is known of each message of an agreement. What does not count is false: not its sender's to say, of no version known here. */
export function toldIn(said: Said, known: Known): Record<MessageId, Told> {
  const { acts, signatures, concluded, asked, now } = known;
  const told: Record<MessageId, Told> = {};
  for (const message of said.messages) told[message] = "false";
  for (const id of said.texts.keys()) told[id] = "true";
  for (const message of said.declines) told[message] = "true";
  for (const [message, state] of signatures) told[message] = state;
  for (const { said: act, state } of acts) told[act.message] = state;
  for (const { message, version, at } of said.concluded) {
    const unknown = concluded === undefined && (!asked || now - at < lag);
    told[message] = concluded?.version === version ? "true" : unknown ? "open" : "false";
  }
  return told;
}
