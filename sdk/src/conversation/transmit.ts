import type { Core } from "../client/core.ts";
import { fromHex } from "../crypto/bytes.ts";
import { encryptMessage } from "../crypto/mls/message.ts";
import { seal } from "../crypto/seal.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { VaultOp } from "../store/index.ts";
import type { ConversationId, MessageId, PublicId } from "../types/primitives.ts";
import { type AppMessage, encodeAppMessage } from "./appMessage.ts";
import type { HistoryMessage } from "./content/types.ts";
import { encodeEnvelope } from "./envelope.ts";
import { isAdmin, peopleOf } from "./group/state.ts";
import type { Addressee } from "./outbox.ts";
import type { SessionRecord, Thread } from "./threads.ts";

export interface TransmitPlan {
  /** What to say; undefined for nothing. May count up `session.sent` of the copy it is given. */
  build(session: SessionRecord): AppMessage | undefined;
  /** Whom it is for; everybody in the conversation, one's own other devices included, unless given. */
  to?: readonly PublicId[];
  /** How long relays keep it. */
  ttlSeconds: number;
  /** Forwarded if somebody listens now, else lost. */
  ephemeral?: boolean;
  /** A relay or somebody has it; never for what is ephemeral. */
  onStored?: (() => void) | undefined;
  /** Message that this carries: its delivery state follows the deposits. */
  carries?: MessageId;
  /** To be written along. */
  messages?: HistoryMessage[];
  /** The same, for what needs to know under which counter it goes out, and to how many people. */
  also?(sent: { route: string; n: number }, people: number): VaultOp[];
  /** Changes of the thread that belong to the same write. */
  change?(thread: Thread): void;
}

/**
 * Encrypts once for the whole group and puts the same message, sealed for each, into everybody's mailbox. The new ratchet
 * state is on disk before a byte leaves: a crash between the two may repeat a ciphertext, never a key.
 * Call it inside the conversation's lane. @throws SkrumbleError CONVERSATION_UNKNOWN, MESSAGE_TOO_LONG, MLS_FAILED, STORE_FAILED
 */
export async function transmit(core: Core, id: ConversationId, plan: TransmitPlan): Promise<void> {
  const current = core.threads.get(id);
  if (!current) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  const thread: Thread = { ...current, sessions: current.sessions.map((session) => ({ ...session })) };
  const session = liveSession(thread);
  const said = session && mayReach(core, thread) ? plan.build(session) : undefined;
  plan.change?.(thread);
  const messages = plan.messages ?? [];
  if (!session || !said) return core.threads.save({ thread, messages });
  const encrypted = await encryptMessage(await core.threads.group(session.route), encodeAppMessage(said));
  const envelope = encodeEnvelope({
    kind: "mls",
    route: fromHex(session.route),
    branch: fromHex(session.branch),
    message: encrypted.message,
  });
  const groups = new Map([[session.route, encrypted.group]]);
  const to = plan.to ? recipients(core, thread, plan.to) : recipients(core, thread, peopleOf(thread.state));
  const also =
    said.type === "content" && plan.also ? plan.also({ route: said.route ?? session.route, n: said.n }, to.length) : [];
  if (plan.ephemeral) {
    await core.threads.save({ thread, groups, messages });
    return sendNow(core, addressees(core, to), envelope);
  }
  const expiresAt = core.now() + plan.ttlSeconds * 1000;
  const ref = plan.carries && { message: { conversationId: id, id: plan.carries } };
  const sending = await core.outbox.prepare({ to: addressees(core, to), body: envelope, expiresAt, ...(ref ?? {}) });
  await core.threads.save({ thread, groups, messages, also: [...also, sending.op] });
  core.outbox.send(sending, plan.onStored);
}

/** The group that messages go to now. */
export const liveSession = (thread: Thread): SessionRecord | undefined =>
  thread.left ? undefined : openSessionOf(thread);

/** The group whose commits are followed: also by somebody who has left, until the others have let go. */
export const openSessionOf = (thread: Thread): SessionRecord | undefined =>
  thread.sessions.findLast(({ closed }) => closed === undefined);

/** Where only admins write, what others send is not shown. */
export const mayWrite = ({ state }: Thread, publicId: PublicId): boolean =>
  state.write !== "admins" || isAdmin(state, publicId);

/** Whoever holds a pair's keys may be somebody else by now. */
function mayReach(core: Core, { publicId }: Thread): boolean {
  return publicId === undefined || core.book.get(publicId)?.problem === undefined;
}

/** Oneself only when another device of one's own is in the group. */
function recipients(core: Core, thread: Thread, people: readonly PublicId[]): PublicId[] {
  const own = core.self.identity.publicId;
  const others = thread.devices.some(
    ({ publicId, device }) => publicId === own && device !== core.self.identity.deviceKey,
  );
  return people.filter((publicId) => publicId !== own || others);
}

/** Nobody is kept waiting for the chain: people in a conversation are known. */
export const addressees = (core: Core, people: readonly PublicId[]): Addressee[] =>
  people.flatMap((publicId) => core.people.get(publicId) ?? []);

/** Nobody misses it when it does not arrive. */
function sendNow(core: Core, to: readonly Addressee[], envelope: Uint8Array): void {
  for (const { publicId, agreementKey } of to) {
    seal(fromHex(agreementKey), envelope)
      .then((payload) => core.pool.deposit(publicId, payload, { ttlSeconds: 10, ephemeral: true, signal: core.signal }))
      .catch(() => undefined);
  }
}
