import type { Millis, PublicId } from "../../types/primitives.ts";
import { INVITE_STALE_MS } from "../limits.ts";
import type { SignalOf } from "../signal.ts";
import type { CallModel } from "./model.ts";

/**
 * What an invitation means here.
 * `ring`: nothing else is on. `busy`: another call is. `ignore`: the other person called at the same moment and our
 * invitation wins. `adopt`: theirs wins, so our call goes on under their id. `replace`: they call again because they lost
 * the call that we still try to bring back.
 */
export type Judgement = "ring" | "busy" | "ignore" | "adopt" | "replace";

/** Both sides judge by the same rule: of two calls that cross, the one with the smaller id goes on. */
export function judgeInvite(
  current: { contact: PublicId; model: CallModel } | undefined,
  invite: SignalOf<"invite">,
  from: PublicId,
  now: Millis,
): Judgement {
  if (now - invite.at > INVITE_STALE_MS) return "ignore";
  if (!current || current.model.state === "ended") return "ring";
  if (current.model.id === invite.call) return "ignore";
  if (current.contact !== from) return "busy";
  switch (current.model.state) {
    case "ringing-out":
      return invite.call < current.model.id ? "adopt" : "ignore";
    case "ringing-in":
      // A person has one call at a time: a second invitation means that the first one died without a word.
      return "replace";
    case "reconnecting":
      return "replace";
    default:
      return "busy";
  }
}
