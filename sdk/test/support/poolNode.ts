import { vi } from "vitest";
import { RpcError } from "../../src/chain/rpc.ts";
import type { NonceSource } from "../../src/identity/numbers.ts";
import type { Hex } from "../../src/types/primitives.ts";

export const bytes = (nonce: number, which: string): Hex => `0x${String(nonce).padStart(8, "0")}${which}`;

const refused = (message: string) => new RpcError(-32000, message, undefined);

/**
 * A node that keeps what it is sent until somebody mines it. A second transaction of the same number and price is refused by anvil and
 * geth; Besu with a price bump of 0 puts it in the place of the first and says nothing.
 * @param share most that it keeps of one account
 */
export function poolNode(kind: "anvil" | "besu", mined = 0, share = Number.POSITIVE_INFINITY) {
  const pool = new Map<number, Hex>();
  let [haltedAt, lost]: [number | undefined, number] = [undefined, 0];
  const head = () => Math.floor(((haltedAt ?? Date.now()) - lost) / 1000);
  const node = {
    ...{ pool, mined, isAway: false, canFill: true },
    /** In blocks; what nodes were given; and what had to go for something else. */
    ...{ chain: [] as Hex[], sent: [] as Hex[], replaced: [] as Hex[] },
    mine(most = Number.POSITIVE_INFINITY) {
      for (let count = 0; count < most && pool.has(node.mined); count++) {
        node.chain.push(pool.get(node.mined) as Hex);
        pool.delete(node.mined++);
      }
    },
    forget: () => pool.clear(),
    /** The chain begins anew from so long ago, in milliseconds. */
    restore(time: number) {
      lost += time;
    },
    /** The device's clock is set back; the chain's is not. @param time in milliseconds */
    setBack(time: number) {
      lost -= time;
      if (haltedAt !== undefined) haltedAt -= time;
      vi.setSystemTime(Date.now() - time);
    },
    /** A block comes every second but while the chain stands still. */
    halt() {
      haltedAt = Date.now();
    },
    resume() {
      lost += Date.now() - (haltedAt ?? Date.now());
      haltedAt = undefined;
    },
  };
  const isThere = () => {
    if (node.isAway) throw new Error("away");
  };
  const source: NonceSource = {
    async read() {
      isThere();
      let pending = node.mined;
      while (pool.has(pending)) pending++;
      return { head: head(), mined: node.mined, pending };
    },
    async send(raw) {
      isThere();
      node.sent.push(raw);
      const nonce = Number(raw.slice(2, 10));
      const before = pool.get(nonce);
      if (nonce < node.mined) throw refused("nonce too low");
      if (before === raw) throw refused("already known");
      if (before !== undefined && kind === "anvil") throw refused("replacement transaction underpriced");
      if (before === undefined && pool.size >= share) throw refused("too many transactions of this sender");
      if (before !== undefined) node.replaced.push(before);
      pool.set(nonce, raw);
    },
    async knows(raw) {
      isThere();
      return node.chain.includes(raw) || [...pool.values()].includes(raw);
    },
    async fill(nonce) {
      if (!node.canFill) throw new Error("no signature");
      return bytes(nonce, "ff");
    },
  };
  return { node, source };
}
