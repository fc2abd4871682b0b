import { extraDataOf } from "../../../scripts/chain/qbft/extraData.ts";
import type { QbftNetwork } from "../../../scripts/chain/qbft/network.ts";
import { type Answers, addressesOf, networkOf } from "./support.ts";

export const HEAD_TIME = 1_800_000_000;
export const hex = (number: number): string => `0x${number.toString(16)}`;

/** Four validators on four hosts and an RPC node on the first; this is the first's folder. */
export function spread(): QbftNetwork {
  const network = networkOf(4, 1);
  const nodes = network.nodes.map((node, at) => ({
    ...node,
    // Loopback addresses stand for hosts of their own.
    at: { host: `127.0.0.${1 + (at % 4)}`, p2pPort: 30_303 + Math.floor(at / 4) },
  }));
  return { ...network, nodes, here: "127.0.0.1" };
}

/** A fake of a node of a chain at block 100 on which validator-3 proposes nothing. */
export const node = (over: Answers = {}): Answers => ({
  eth_blockNumber: () => hex(100),
  eth_getBlockByNumber: ([number]) => {
    const turn = Number(number) % 4;
    return {
      number: hex(Number(number)),
      hash: `0x${"bb".repeat(32)}`,
      timestamp: hex(HEAD_TIME - (100 - Number(number))),
      miner: addressesOf(4)[turn === 2 ? 3 : turn],
      extraData: extraDataOf(addressesOf(4)),
    };
  },
  eth_chainId: () => hex(7587),
  net_peerCount: () => hex(3),
  ...over,
});
