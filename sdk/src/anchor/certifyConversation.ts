import type { Core } from "../client/core.ts";
import type { AppMessage } from "../conversation/appMessage.ts";
import { liveSession, transmit } from "../conversation/transmit.ts";
import { storedCertificate, tellConversation } from "../conversation/view.ts";
import { codeOf } from "../errors/index.ts";
import type { AnchorProof } from "../relay/types.ts";
import type { ConversationId, Hex } from "../types/primitives.ts";
import { type Certifying, certify } from "./certify.ts";
import { startLeaf } from "./leaf.ts";

/** What is being certified now, by client and then by context: "start <conversation>" or a call's id. */
const running = new WeakMap<Core, Map<string, Certifying>>();

export function runningOf(core: Core): Map<string, Certifying> {
  const map = running.get(core) ?? new Map<string, Certifying>();
  running.set(core, map);
  return map;
}

const anchorMessageTtl = 7 * 86_400;

/** Begins to certify the start of a conversation, or goes on with it. Tells by the "conversation" event. */
export function certifyConversation(core: Core, id: ConversationId): void {
  run(core, id).catch((error) => {
    if (!core.signal.aborted && codeOf(error) !== "ABORTED") core.problem(codeOf(error));
  });
}

const routeOf = (core: Core, id: ConversationId): string | undefined => {
  const thread = core.threads.get(id);
  return thread && liveSession(thread)?.route;
};

async function run(core: Core, id: ConversationId): Promise<void> {
  const thread = core.threads.get(id);
  const session = thread && liveSession(thread);
  if (!thread || !session || thread.certificate.state === "certified") return;
  const name = `start ${id}`;
  const leaf = await startLeaf(await core.threads.group(session.route));
  // A newer session has its own start; what was under way for the one before is of no use any more.
  if (routeOf(core, id) !== session.route) return;
  runningOf(core).get(name)?.stop();
  const { chain, pool, signal } = core;
  const certifying = certify({ chain, pool, leaf, role: thread.creator ? "submit" : "watch", signal });
  runningOf(core).set(name, certifying);
  const { certificate, proof } = await certifying.result.finally(() => {
    if (runningOf(core).get(name) === certifying) runningOf(core).delete(name);
  });
  await core.serial.run(id, async () => {
    const current = core.threads.get(id);
    if (!current || routeOf(core, id) !== session.route) return;
    await core.threads.save({ thread: { ...current, certificate: storedCertificate(certificate) } });
    if (current.creator) await tellPeer(core, id, "start", proof);
  });
  tellConversation(core, id);
}

/** Spares the other side the search. Inside the lane. */
export async function tellPeer(core: Core, id: ConversationId, context: string, proof: AnchorProof): Promise<void> {
  const message: AppMessage = {
    v: 1,
    type: "anchored",
    context,
    relayId: proof.relayId,
    root: proof.root,
    proof: proof.proof,
    blockNumber: String(proof.blockNumber),
    txHash: proof.txHash,
  };
  await transmit(core, id, { ttlSeconds: anchorMessageTtl, build: () => message });
}

/** A proof from the other side goes to whoever waits for it; it is checked there like any other. */
export function receiveAnchored(
  core: Core,
  id: ConversationId,
  message: Extract<AppMessage, { type: "anchored" }>,
): void {
  const certifying = runningOf(core).get(message.context === "start" ? `start ${id}` : message.context);
  certifying?.offer({
    relayId: message.relayId,
    root: message.root as Hex,
    proof: message.proof as Hex[],
    blockNumber: BigInt(message.blockNumber),
    txHash: message.txHash as Hex,
  });
}
