import { encodeFunctionData, erc20Abi, type Hex, keccak256 } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { rpc } from "../../scripts/chain/rpc.ts";
import type { Address } from "../../sdk/src/types/primitives.ts";

/** Often enough to lose little of a second between blocks. */
const LOOK_MS = 25;

export interface Transfer {
  chainId: number;
  token: Address;
  to: Address;
  amount: bigint;
  nonce: number;
}

/** A token transfer, signed and ready to be sent. */
export const signTransfer = (
  account: PrivateKeyAccount,
  { chainId, token, to, amount, nonce }: Transfer,
): Promise<Hex> =>
  account.signTransaction({
    ...{ type: "eip1559", chainId, nonce, to: token },
    ...{ gas: 500_000n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
    data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amount] }),
  });

interface Block {
  transactions: Hex[];
}

/** Sends straight to the node, and follows its blocks once for all that wait: the least that can be done to know that each is in one. */
export async function openRaw(url: string) {
  const waiting = new Map<Hex, () => void>();
  const controller = new AbortController();
  let seen = Number(await rpc<Hex>(url, "eth_blockNumber"));
  const follow = async () => {
    while (!controller.signal.aborted) {
      const block = await rpc<Block | null>(url, "eth_getBlockByNumber", [`0x${(seen + 1).toString(16)}`, false]);
      if (block) {
        seen++;
        for (const hash of block.transactions) waiting.get(hash)?.();
      } else await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const following = follow();
  return {
    /** Resolves when it is in a block. */
    async push(raw: Hex): Promise<void> {
      const hash = keccak256(raw);
      const mined = new Promise<void>((resolve) => waiting.set(hash, resolve));
      await rpc(url, "eth_sendRawTransaction", [raw]);
      await Promise.race([mined, following]);
      waiting.delete(hash);
    },
    balanceOf: async (token: Address, owner: Address): Promise<bigint> => {
      const data = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [owner] });
      return BigInt(await rpc<Hex>(url, "eth_call", [{ to: token, data }, "latest"]));
    },
    async close() {
      controller.abort();
      await following;
    },
  };
}
