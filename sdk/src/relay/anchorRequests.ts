import { SkrumbleError } from "../errors/index.ts";
import { anchorRoot, equalBytes, type Frame, type FrameOf, toHex } from "../protocol/index.ts";
import { type BackoffDeps, backoffMs, pause } from "./backoff.ts";
import { type LineDeps, LineError } from "./line.ts";
import type { AnonymousLines } from "./lines.ts";
import type { AnchorProof, RelayInfo } from "./types.ts";

export interface AnchorDeps extends LineDeps, BackoffDeps {
  lines: AnonymousLines;
  closing: AbortSignal;
}

/** Each further relay is asked after so many milliseconds without a proof. A block and its receipt take about two seconds. */
const NEXT_RELAY_MS = 6_000;
const QUERY_RELAYS = 5;

type WireProof = Omit<FrameOf<"anchored">, "frame" | "reqId">;

const isAnchored = (frame: Frame): frame is FrameOf<"anchored"> => frame.frame === "anchored";
const isAnchorList = (frame: Frame): frame is FrameOf<"anchorList"> => frame.frame === "anchorList";

/** The proof in its public form if it leads to its own root, else undefined. */
export function checkProof(wire: WireProof): AnchorProof | undefined {
  if (!equalBytes(anchorRoot(wire.leaf, wire.proof), wire.root)) return undefined;
  return {
    leaf: wire.leaf.slice(),
    relayId: wire.relayId,
    root: toHex(wire.root),
    proof: wire.proof.map(toHex),
    blockNumber: wire.blockNumber,
    txHash: toHex(wire.txHash),
  };
}

/** Asks one relay after the other, without giving up on those that are slow; the first sound proof wins. */
export async function anchorAtAny(
  relays: readonly RelayInfo[],
  leaf: Uint8Array,
  deps: AnchorDeps,
  signal?: AbortSignal,
): Promise<AnchorProof> {
  const finished = new AbortController();
  const stopped = AbortSignal.any([finished.signal, deps.closing, ...(signal ? [signal] : [])]);
  const timer = deps.clock.setTimeout(() => finished.abort(), deps.limits.anchorTimeout);
  try {
    return await Promise.any(relays.map((relay, index) => keepAsking(relay, index * NEXT_RELAY_MS)));
  } catch {
    if (signal?.aborted) throw new SkrumbleError("ABORTED", { cause: signal.reason });
    throw new SkrumbleError(deps.closing.aborted ? "CLIENT_CLOSED" : "ANCHOR_FAILED");
  } finally {
    deps.clock.clearTimeout(timer);
    finished.abort();
  }

  async function keepAsking(relay: RelayInfo, delay: number): Promise<AnchorProof> {
    await pause(delay, deps.clock, stopped);
    for (let round = 0; !stopped.aborted; round++) {
      let wait = 0;
      try {
        const line = await deps.lines.to(relay);
        const { anchorTimeout } = deps.limits;
        const asked = line.request({ frame: "anchor", reqId: line.nextId(), leaf }, isAnchored, anchorTimeout);
        const answer = await orStopped(asked);
        const proof = answer.relayId === relay.id && equalBytes(answer.leaf, leaf) ? checkProof(answer) : undefined;
        if (proof) return proof;
        deps.onLie?.();
        // A relay that lied once about this leaf is not asked again.
        break;
      } catch (error) {
        if (error instanceof LineError) wait = error.retryAfterMs;
      }
      await pause(Math.max(wait, backoffMs(round, deps)), deps.clock, stopped);
    }
    throw new LineError("lied");
  }

  function orStopped<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(new LineError("closed"));
      if (stopped.aborted) stop();
      stopped.addEventListener("abort", stop, { once: true });
      work.then(resolve, reject).finally(() => stopped.removeEventListener("abort", stop));
    });
  }
}

/** Proofs of a tag from several relays at once, unsound ones left out, earliest block first. */
export async function queryAnchors(
  relays: readonly RelayInfo[],
  tag: Uint8Array,
  deps: AnchorDeps,
): Promise<AnchorProof[]> {
  const asked = relays.slice(0, QUERY_RELAYS).map(async (relay) => {
    const line = await deps.lines.to(relay);
    return (await line.request({ frame: "anchorQuery", reqId: line.nextId(), tag }, isAnchorList)).proofs;
  });
  const answers = await Promise.allSettled(asked);
  if (!answers.some((answer) => answer.status === "fulfilled")) {
    throw new SkrumbleError(deps.closing.aborted ? "CLIENT_CLOSED" : "NETWORK_UNREACHABLE");
  }
  const found = new Map<string, AnchorProof>();
  for (const answer of answers) {
    for (const wire of answer.status === "fulfilled" ? answer.value : []) {
      const proof = equalBytes(wire.leaf.subarray(0, 32), tag) ? checkProof(wire) : undefined;
      if (proof) found.set(`${proof.relayId} ${proof.root} ${toHex(proof.leaf)}`, proof);
    }
  }
  return [...found.values()].sort((a, b) => Number(a.blockNumber - b.blockNumber));
}
