import { vi } from "vitest";
import { createNonces, type Nonce } from "../../src/identity/nonces.ts";
import { bytes, poolNode } from "./poolNode.ts";

/** One account of a node, and a wallet that pays out of it. */
export function nonceAccount(kind: "anvil" | "besu", mined = 0) {
  // About what Besu keeps of one account.
  const { node, source } = poolNode(kind, mined, 600);
  const idle = vi.fn();
  const nonces = createNonces(idle);
  const take = (signal?: AbortSignal, act = "act") => nonces.take(source, act, signal);
  /** As a wallet does. */
  const pay = async (which = "aa", nonce?: Nonce) => {
    const one = nonce ?? (await take());
    const raw = bytes(one.nonce, which);
    await source.send(raw).catch(() => undefined);
    one.sent(raw);
    return one.nonce;
  };
  return { node, nonces, source, idle, take, pay };
}
