import type { Core } from "../../client/core.ts";
import type { ConversationAgreements } from "../../types/agreed.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { actOnAgreement } from "./act.ts";
import { lookAtAgreement } from "./look.ts";
import { readParty } from "./party.ts";
import { lookAlikesIn } from "./problems.ts";
import { changeAgreement, proposeAgreement } from "./propose.ts";
import { declineAgreement, retractSignature, signAgreement } from "./sign.ts";
import { watchAgreement } from "./watch.ts";

export const agreementActions = (core: Core, id: ConversationId): ConversationAgreements => ({
  lookAlikes: async (draft) => lookAlikesIn(core, draft),
  party: (person) => readParty(core, person),
  propose: (draft) => proposeAgreement(core, id, draft),
  change: (agreement, seen, draft) => changeAgreement(core, id, agreement, seen, draft),
  sign: (agreement, input) => signAgreement(core, id, agreement, input),
  decline: (agreement, note) => declineAgreement(core, id, agreement, note),
  retract: (agreement, version, wallet) => retractSignature(core, id, agreement, version, wallet),
  act: (agreement, act, by) => actOnAgreement(core, id, agreement, act, by),
  look: (agreement) => lookAtAgreement(core, id, agreement),
  watch: (agreement, listener, failed) => watchAgreement(core, id, agreement, listener, failed),
});
