import type { Core } from "../../client/core.ts";
import { agreementOf } from "../../conversation/content/agreement.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import type { AgreementView } from "../../types/agreed.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { lookAtAgreement } from "./look.ts";

/**
 * Without its messages nobody can sign, act or take back on this device: they stay while something of that is left to do.
 * @throws SkrumbleError AGREEMENT_KEPT
 */
export async function refuseToForget(
  core: Core,
  id: ConversationId,
  { id: message, body }: HistoryMessage,
): Promise<void> {
  if (body.type !== "agreement") return;
  const view = await lookAtAgreement(core, id, agreementOf(message, body)).catch((error) => {
    if (codeOf(error) === "MESSAGE_UNKNOWN") return undefined;
    throw error;
  });
  if (view && view.told[message] !== "false" && !mayBeForgotten(view)) throw new SkrumbleError("AGREEMENT_KEPT");
}

/** Nothing of it is left to do, to tell or to take back. */
export function mayBeForgotten(view: AgreementView): boolean {
  const { state, unsure, bound, pending, untold, loose, version } = view;
  if (unsure || bound.length > 0 || pending.length > 0 || untold.length > 0 || loose !== undefined) return false;
  return ["finished", "declined", "expired"].includes(state) || (state === "in-force" && !version.draft.money);
}
