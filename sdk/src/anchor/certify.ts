import type { Chain } from "../chain/chain.ts";
import { equalBytes } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { AnchorProof, RelayPool } from "../relay/types.ts";
import type { Certificate } from "../types/client.ts";
import { checkProof } from "./checkProof.ts";

type Certified = Extract<Certificate, { state: "certified" }>;

export interface CertifyInput {
  chain: Chain;
  pool: RelayPool;
  leaf: Uint8Array;
  /** Whether this side has the leaf put on chain, or looks for what the other side did and steps in later. */
  role: "submit" | "watch";
  signal: AbortSignal;
}

export interface Certifying {
  /** Rejects only with ABORTED. */
  result: Promise<{ certificate: Certified; proof: AnchorProof }>;
  /** A proof the other side sent. */
  offer(proof: Omit<AnchorProof, "leaf">): void;
  /** Nobody needs it any more: `result` rejects with ABORTED. */
  stop(): void;
}

/** The watching side steps in after this time. */
const patience = 8000;
const watchEvery = 2000;
const retry = { min: 1000, max: 30_000 };

/** Has a leaf certified by the chain, however often it takes. Nothing waits for it. */
export function certify(input: CertifyInput): Certifying {
  const { chain, pool, leaf, role } = input;
  const done = new AbortController();
  const signal = AbortSignal.any([input.signal, done.signal]);
  const { promise: result, resolve, reject } = Promise.withResolvers<Awaited<Certifying["result"]>>();
  const name = (id: number) => pool.status().find((relay) => relay.id === id)?.endpoint ?? `#${id}`;

  const check = async (proof: AnchorProof): Promise<boolean> => {
    try {
      resolve({ certificate: await checkProof(chain, leaf, proof, name, signal), proof });
      done.abort();
      return true;
    } catch {
      return false;
    }
  };

  const watch = async (until: number) => {
    while (!signal.aborted && Date.now() < until) {
      await sleep(watchEvery, signal);
      const proofs = signal.aborted ? [] : await pool.queryAnchor(leaf.subarray(0, 32)).catch(() => []);
      for (const proof of proofs) if (equalBytes(proof.leaf, leaf) && (await check(proof))) return;
    }
  };

  const submit = async () => {
    for (let wait = retry.min; !signal.aborted; wait = Math.min(wait * 2, retry.max)) {
      const proof = await pool.anchor(leaf, { signal }).catch(() => undefined);
      if (proof && (await check(proof))) return;
      await sleep(wait, signal);
    }
  };

  const stop = () => {
    reject(new SkrumbleError("ABORTED"));
    done.abort();
  };
  input.signal.addEventListener("abort", stop, { once: true });
  void (async () => {
    if (role === "watch") await watch(Date.now() + patience);
    if (!signal.aborted) await submit();
  })();
  return { result, offer: (proof) => void check({ ...proof, leaf }), stop };
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : ms);
    signal.addEventListener("abort", end);
  });
