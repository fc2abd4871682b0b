import { readFileSync } from "node:fs";
import {
  type Abi,
  createPublicClient,
  createWalletClient,
  defineChain,
  erc20Abi,
  type Hex,
  http,
  numberToHex,
  zeroAddress,
} from "viem";
import { expect } from "vitest";
import { localDeployer } from "../../../scripts/deploy/local.ts";
import type { TestNetwork } from "../../../test/support/network.ts";
import type { Address, AssetId } from "../../src/index.ts";

type Mock = "FeeToken" | "TemperToken" | "VotesTokenMock";

/** A transfer of SKM may cost more in the next block, when that begins a new minute of the holding window. */
const free = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 5_000_000n };

/** Money of a test network: its coin and tokens, past its relays. @param network is there once the first test runs */
export function tokensOn(network: TestNetwork) {
  const chainOf = () =>
    defineChain({
      ...{ id: network.chain.chainId, name: "local", nativeCurrency: { name: "Coin", symbol: "COIN", decimals: 18 } },
      rpcUrls: { default: { http: [network.chain.rpcUrl] } },
    });
  const reader = () => createPublicClient({ chain: chainOf(), transport: http(), pollingInterval: 200 });
  const mined = async (hash: Hex) => {
    const receipt = await reader().waitForTransactionReceipt({ hash });
    expect(receipt.status).toBe("success");
    return receipt;
  };
  const deployerWallet = () =>
    createWalletClient({ account: localDeployer(network.stateDir), chain: chainOf(), transport: http() });
  /** The account that the network's first SKM belongs to; one transaction after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  function asDeployer<T>(task: (wallet: ReturnType<typeof deployerWallet>) => Promise<T>): Promise<T> {
    const done = turn.then(() => task(deployerWallet()));
    turn = done.catch(() => undefined);
    return done;
  }
  const mockOf = (name: Mock) =>
    JSON.parse(
      readFileSync(new URL(`../../../artifacts/contracts/mocks/${name}.sol/${name}.json`, import.meta.url), "utf8"),
    ) as { abi: Abi; bytecode: Hex };
  const write = (address: Address, abi: Abi, functionName: string, args: unknown[]) =>
    asDeployer(async (wallet) => mined(await wallet.writeContract({ address, abi, functionName, args, ...free })));
  const call = (name: Mock, address: Address, functionName: string, args: unknown[]) =>
    write(address, mockOf(name).abi, functionName, args);
  const skm = (): AssetId => ({ chainId: network.chain.chainId, token: network.deployment.contracts.skm });
  const ask = (method: string, params: unknown[]) => reader().request({ method, params } as never);

  return {
    mined,
    ask,
    skm,
    coin: (): AssetId => ({ ...skm(), token: zeroAddress }),
    call,
    /** A token of the tests, and what is done with it at once. */
    async deploy(name: Mock, args: unknown[] = [], calls: [string, unknown[]][] = []): Promise<Address> {
      const receipt = await asDeployer(async (wallet) =>
        mined(await wallet.deployContract({ ...mockOf(name), args, ...free })),
      );
      for (const [functionName, values] of calls)
        await call(name, receipt.contractAddress as Address, functionName, values);
      return receipt.contractAddress as Address;
    },
    giveToken: (token: Address, to: Address, value: bigint) => write(token, erc20Abi as Abi, "transfer", [to, value]),
    giveCoin: (to: Address, value: bigint) => ask("anvil_setBalance", [to, numberToHex(value)]),
    balanceOf: ({ token }: AssetId, wallet: Address): Promise<bigint> =>
      token === zeroAddress
        ? reader().getBalance({ address: wallet })
        : reader().readContract({ abi: erc20Abi, address: token, functionName: "balanceOf", args: [wallet] }),
  };
}
