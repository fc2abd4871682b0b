import type { Core } from "../../client/core.ts";
import type { VaultOp } from "../../store/index.ts";
import type { ConversationId, Hex, Millis, PublicId } from "../../types/primitives.ts";
import { settle } from "../commit/settle.ts";
import { tellConversation } from "../view.ts";
import { prepareRefusal } from "./refuse.ts";

/** Somebody with the link who waits for an admin. */
export interface JoinRequest {
  publicId: PublicId;
  pseudonym: string;
  keyPackage: string;
  device: Hex;
  nonce: string;
  at: Millis;
}

const collection = (id: ConversationId) => `join requests ${id}`;
/** Of one group; the oldest goes for a new one. */
const maxRequests = 100;

export async function joinRequests(core: Core, id: ConversationId): Promise<JoinRequest[]> {
  const rows = await core.vault.range<JoinRequest>(collection(id));
  return rows.map(({ value }) => value).sort((a, b) => a.at - b.at);
}

/** One of a person: a later one takes its place. `also` belongs to the same write. */
export async function keepRequest(
  core: Core,
  id: ConversationId,
  request: JoinRequest,
  also: VaultOp[],
): Promise<void> {
  const waiting = await joinRequests(core, id);
  const oldest = waiting.length >= maxRequests ? waiting[0] : undefined;
  await core.vault.write([
    ...(oldest ? [{ collection: collection(id), key: oldest.publicId, delete: true as const }] : []),
    { collection: collection(id), key: request.publicId, value: request },
    ...also,
  ]);
  tellConversation(core, id);
}

/** Lets somebody in, or tells them no. Nothing happens when it is gone already. */
export async function decideRequest(
  core: Core,
  id: ConversationId,
  publicId: PublicId,
  accept: boolean,
): Promise<void> {
  const request = await core.vault.get<JoinRequest>(collection(id), publicId);
  if (!request) return;
  const gone = { collection: collection(id), key: publicId, delete: true as const };
  const { keyPackage, device, nonce } = request;
  if (!accept) {
    const sending = await prepareRefusal(core, id, request);
    await core.vault.write([gone, sending.op]);
    core.outbox.send(sending);
  } else await core.intents.add(id, [{ kind: "add", publicId, keyPackage, device, nonce, role: "member" }], [gone]);
  settle(core, id);
  tellConversation(core, id);
}
