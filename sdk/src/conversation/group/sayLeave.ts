import type { Core } from "../../client/core.ts";
import { epochOf } from "../../crypto/mls/state.ts";
import type { ConversationId, Millis } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { signHandshake } from "../handshake.ts";
import { textTtlSeconds } from "../limits.ts";
import type { Prepared } from "../outbox.ts";
import type { Thread } from "../threads.ts";
import { addressees, openSessionOf } from "../transmit.ts";
import { signLeave } from "./leaveStatement.ts";
import { peopleOf } from "./state.ts";

/**
 * Tells everybody else that this person goes, signed by the identity key: those who took another way in the group, or are
 * further, could not read a message of this device's epoch. To be kept and sent. Inside the lane.
 */
export async function prepareLeave(core: Core, thread: Thread): Promise<Prepared[]> {
  const session = openSessionOf(thread);
  if (!session) return [];
  const { identity, identityKey } = core.self;
  const group = await core.threads.group(session.route);
  const leave = signLeave(group.groupContext.groupId, epochOf(group), identity.publicId, identityKey.secret);
  const others = peopleOf(thread.state).filter((publicId) => publicId !== identity.publicId);
  return Promise.all(
    addressees(core, others).map((person) => {
      const body = { v: 1, from: identity.publicId, conversationId: thread.id, leave } as const;
      const envelope = signHandshake("leave", person.publicId, body, identityKey.secret);
      const expiresAt = core.now() + textTtlSeconds * 1000;
      return core.outbox.prepare({ to: [person], body: encodeEnvelope(envelope), expiresAt });
    }),
  );
}

const said = new WeakMap<Core, Map<ConversationId, Millis>>();
/** The others may be about to carry it out. */
const every = 60_000;

/** This person wanted to go, and the others still talk to them: what was said may have been lost. Outside the lane. */
export async function remindOfLeave(core: Core, id: ConversationId): Promise<void> {
  const times = said.get(core) ?? new Map<ConversationId, Millis>();
  said.set(core, times);
  if (Math.abs(core.now() - (times.get(id) ?? 0)) < every) return;
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (thread?.left !== "left") return;
    times.set(id, core.now());
    const sends = await prepareLeave(core, thread);
    await core.vault.write(sends.map(({ op }) => op));
    for (const sending of sends) core.outbox.send(sending);
  });
}
