import type { Core } from "../../client/core.ts";
import { equalBytes, fromBase64Url, fromHex, toHex } from "../../crypto/bytes.ts";
import { decodeKeyPackage } from "../../crypto/mls/keyPackage.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { VaultOp } from "../../store/index.ts";
import type { ConversationId, Hex } from "../../types/primitives.ts";
import { isFurther } from "../commit/further.ts";
import { settle } from "../commit/settle.ts";
import { isAdmin } from "../group/state.ts";
import type { KnockBody } from "../handshake.ts";
import { liveSession } from "../transmit.ts";
import { dealtOnce } from "./dealtKnocks.ts";
import { findInvited, forgetInvited } from "./invited.ts";
import { keepRequest } from "./joinRequests.ts";
import { provesLink } from "./link.ts";
import { prepareRefusal } from "./refuse.ts";

/** Devices of one person in one group; the registry keeps no more either. */
const maxDevicesOfPerson = 64;

/**
 * A device asks to be let in. Whoever belongs brings their devices by themselves; others need an invitation or the link, and
 * an admin. @throws SkrumbleError IDENTITY_CHANGED (the registry does not list the device), and what the registry fails with
 */
export async function receiveKnock(core: Core, body: KnockBody): Promise<void> {
  const id = body.conversationId;
  const thread = core.threads.get(id);
  const session = thread && liveSession(thread);
  if (!thread || !session) return;
  const { claim } = decodeKeyPackage(fromBase64Url(body.keyPackage));
  if (!equalBytes(claim.publicId, fromHex(body.from))) throw new SkrumbleError("ENVELOPE_INVALID");
  const device = toHex(claim.deviceKey) as Hex;
  if (device === core.self.identity.deviceKey) return;
  const dealt = await dealtOnce(core, body);
  if (!dealt) return;
  const { state } = thread;
  const belongs = state.people[body.from] !== undefined;
  // Who asks from where everybody is, or further, has nothing to gain here; somebody else may be further still.
  if (belongs && body.stands && !isFurther(session, body.stands)) return core.vault.write(dealt);
  const theirs = thread.devices.filter(({ publicId }) => publicId === body.from);
  if (theirs.length >= maxDevicesOfPerson && !theirs.some((one) => one.device === device)) return;
  const admin = state.kind === "group" && isAdmin(state, core.self.identity.publicId);
  const found = admin && body.invite ? await findInvited(core, body.invite) : undefined;
  const invited = found?.conversationId === id && found.publicId === body.from ? found : undefined;
  const byLink = admin && state.join !== "closed" && provesLink(state, body);
  // They have not heard that they were removed: the commit was lost, it came on a way that they do not know, or they are here
  // again with an older history.
  const returns = body.stands !== undefined || (admin && !body.invite && !body.proof);
  if (!belongs && returns && thread.gone?.includes(body.from)) return refuse(core, id, body, dealt);
  // Strangers leave nothing behind, not even their names.
  if (!belongs && !invited && !byLink) return;
  const person = await core.people.load(body.from, 0);
  if (!person.devices.includes(device)) {
    throw new SkrumbleError("IDENTITY_CHANGED", { details: "The device is not in the registry." });
  }
  const add = { kind: "add" as const, publicId: body.from, keyPackage: body.keyPackage, device, nonce: body.nonce };
  if (!belongs && !invited && state.join !== "open") {
    return keepRequest(core, id, { ...add, pseudonym: person.pseudonym, at: core.now() }, dealt);
  }
  await core.intents.add(
    id,
    [belongs ? add : { ...add, role: "member" }],
    [...dealt, ...(invited ? [forgetInvited(invited.nonce)] : [])],
  );
  settle(core, id);
}

async function refuse(core: Core, id: ConversationId, { from, nonce }: KnockBody, dealt: VaultOp[]): Promise<void> {
  const sending = await prepareRefusal(core, id, { publicId: from, nonce });
  await core.vault.write([sending.op, ...dealt]);
  core.outbox.send(sending);
}
