import { clientStateDecoder, encode, type GroupContext, groupStateEncoder, type RatchetTree } from "ts-mls";
import { concat } from "../bytes.ts";
import { decodeOrUndefined } from "./decode.ts";
import { encodeGroupContext } from "./encode.ts";
import { refused } from "./refused.ts";

/** The library decodes a tree only inside a whole state: this one has nothing else in it. @throws SkrumbleError MLS_FAILED */
export function decodeTree(context: GroupContext, bytes: Uint8Array): RatchetTree {
  const none = new Uint8Array();
  const rest = encode(groupStateEncoder, {
    keySchedule: {
      ...{ senderDataSecret: none, exporterSecret: none, externalSecret: none, confirmationKey: none },
      ...{ membershipKey: none, resumptionPsk: none, epochAuthenticator: none, initSecret: none },
    },
    secretTree: { leafWidth: 0, intermediateNodes: {}, leafNodes: {} },
    privatePath: { leafIndex: 0, privateKeys: {} },
    ...{ signaturePrivateKey: none, confirmationTag: none, unappliedProposals: {}, historicalReceiverData: new Map() },
    groupActiveState: { kind: "active" },
  });
  const state = decodeOrUndefined(clientStateDecoder, concat(encodeGroupContext(context), bytes, rest));
  if (!state) throw refused("Not a tree.");
  return state.ratchetTree;
}
