import type { CertifyRequest } from "../call/types.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Certificate } from "../types/client.ts";
import type { ConversationId } from "../types/primitives.ts";
import { certify } from "./certify.ts";
import { runningOf, tellPeer } from "./certifyConversation.ts";

/**
 * Certifies one call; tells of every change until the returned function is called.
 * The caller anchors and sends the proof along, so that both sides show it within a block or two.
 */
export function certifyCall(
  core: Core,
  id: ConversationId,
  request: CertifyRequest,
  onChange: (certificate: Certificate) => void,
): () => void {
  const stop = new AbortController();
  const signal = AbortSignal.any([core.signal, stop.signal]);
  const { callId, leaf } = request;
  const { chain, pool } = core;
  const certifying = certify({ chain, pool, leaf, role: request.role === "caller" ? "submit" : "watch", signal });
  const running = runningOf(core);
  running.set(callId, certifying);
  onChange({ state: "waiting", since: core.now() });
  certifying.result
    .then(async ({ certificate, proof }) => {
      onChange(certificate);
      if (request.role === "caller") await core.serial.run(id, () => tellPeer(core, id, callId, proof));
    })
    .catch((error) => {
      if (!signal.aborted) core.problem(error instanceof SkrumbleError ? error.code : "ANCHOR_FAILED");
    })
    .finally(() => running.delete(callId));
  return () => stop.abort();
}
