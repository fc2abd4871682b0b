import { readDevices } from "../chain/actions/readDevices.ts";
import type { Core } from "../client/core.ts";
import { decodeState } from "../conversation/group/state.ts";
import { openHandshake, pairSecret, type WelcomeBody } from "../conversation/handshake.ts";
import { fromBase64Url, randomBytes, toHex, toHexString } from "../crypto/bytes.ts";
import { joinMlsGroup } from "../crypto/mls/join.ts";
import { groupMembers, groupStateOf, type MlsGroup } from "../crypto/mls/state.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { readPeer, registryPause, registryTries, type VerifiedPeer } from "../identity/verifyPeer.ts";
import type { PublicId } from "../types/primitives.ts";
import { openReplaced } from "./openReplaced.ts";
import { openSession } from "./openSession.ts";
import type { Handshake } from "./receive.ts";

/** Somebody has made the group for a request of ours. @throws SkrumbleError ENVELOPE_INVALID, IDENTITY_CHANGED, and what the registry fails with */
export async function receiveWelcome(core: Core, envelope: Handshake): Promise<void> {
  const body = openHandshake("welcome", envelope, core.self.identity.publicId);
  const contact = core.book.get(body.from);
  const requests = contact?.sent ? [contact.sent, ...(contact.earlier ?? [])] : [];
  const at = requests.findIndex(({ nonce }) => nonce === body.requestNonce);
  const late = contact?.late?.find(({ nonce, until }) => nonce === body.requestNonce && core.now() < until);
  const request = requests[at] ?? late;
  if (!contact || !request) return;
  const { group, peer } = await join(core, body, fromBase64Url(request.keyPackage));
  if (core.threads.byRoute(body.route)) throw new SkrumbleError("ENVELOPE_INVALID");
  if (late) return openReplaced(core, { contact, nonce: late.nonce, route: body.route, group });
  await openSession(core, {
    contact: { ...contact, done: [...contact.done, body.requestNonce] },
    peer,
    conversationId: contact.conversationId ?? freeConversationId(core, body.conversationId, body.from),
    route: body.route,
    group,
    creator: false,
    // The other side answers in order: what it says to a newer request replaces this, what it said to an older one is past.
    open: requests.slice(0, at),
  });
}

/** A device that accepted right after it was enrolled may take a block to show. */
async function join(
  core: Core,
  body: WelcomeBody,
  keyPackage: Uint8Array,
): Promise<{ group: MlsGroup; peer: VerifiedPeer }> {
  const own = core.self.identity.publicId;
  for (let at = 1; ; at++) {
    const record = await readPeer(core.chain, body.from, core.signal);
    const devices = await readDevices(core.chain, record, core.signal);
    try {
      const group = await joinMlsGroup({
        own: keyPackage,
        welcome: fromBase64Url(body.welcome),
        expected: new Map([
          [own, [core.self.deviceKey.public]],
          [body.from, devices],
        ]),
        psk: pairSecret({
          agreementSecret: core.self.agreementKey.secret,
          peerAgreementKey: record.agreementKey,
          publicIds: [own, body.from],
          requestNonce: body.requestNonce,
          nonce: body.nonce,
        }),
      });
      const { kind, people } = decodeState(groupStateOf(group));
      const leaves = groupMembers(group).map((member) => toHex(member.publicId));
      if (kind !== "pair" || !people[own] || !people[body.from] || leaves.length !== 2 || leaves[0] === leaves[1]) {
        throw new SkrumbleError("MLS_FAILED", { details: "The group is not one of these two people." });
      }
      return { group, peer: { record, devices } };
    } catch (error) {
      if (codeOf(error) !== "MLS_FAILED") throw error;
      if (at >= registryTries) {
        throw new SkrumbleError("IDENTITY_CHANGED", {
          details: "The welcome does not fit the registry.",
          cause: error,
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, registryPause));
  }
}

/** Nobody may choose an id that leads into a conversation with somebody else. */
function freeConversationId(core: Core, proposed: string, from: PublicId): string {
  const taken = core.threads.get(proposed);
  return taken && taken.publicId !== from ? toHexString(randomBytes(16)) : proposed;
}
