import { createPublicClient, createWalletClient, defineChain, http } from "viem";
import { expect } from "vitest";
import { localDeployer } from "../../../scripts/deploy/local.ts";
import type { TestNetwork } from "../../../test/support/network.ts";
import { skmAbi } from "../../src/generated/index.ts";
import type { Address } from "../../src/types/primitives.ts";

/** The chain of a test network itself, past its relays. */
export function chainOf({ chain, deployment, stateDir }: TestNetwork) {
  const transport = http(chain.rpcUrl);
  const local = defineChain({
    id: chain.chainId,
    name: "test",
    nativeCurrency: { name: "coin", symbol: "coin", decimals: 18 },
    rpcUrls: { default: { http: [chain.rpcUrl] } },
  });
  const client = createPublicClient({ chain: local, transport });
  const ask = (method: string, params: unknown[] = []): Promise<unknown> => client.request({ method, params } as never);
  const skm = { address: deployment.contracts.skm, abi: skmAbi } as const;
  const deployer = createWalletClient({ account: localDeployer(stateDir), chain: local, transport });
  return {
    client,
    skmOf: (owner: Address) => client.readContract({ ...skm, functionName: "balanceOf", args: [owner] }),
    /** From the local deployer, who has some. Gas to spare: in the next second a holding window may move, which costs more. */
    async giveSkm(to: Address, amount: bigint) {
      const fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 500_000n };
      const hash = await deployer.writeContract({ ...skm, functionName: "transfer", args: [to, amount], ...fees });
      const { status } = await client.waitForTransactionReceipt({ hash });
      expect(status).toBe("success");
    },
    mine: (blocks: number) => ask("anvil_mine", [`0x${blocks.toString(16)}`]),
    async passTime(seconds: number) {
      await ask("evm_increaseTime", [seconds]);
      await ask("anvil_mine", ["0x1"]);
    },
  };
}
