import { setTimeout as sleep } from "node:timers/promises";
import {
  type Abi,
  type Account,
  type Address,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  http,
  type LocalAccount,
  type PublicClient,
} from "viem";

const SETTLE_MS = 120_000;
/** EIP-7825: no transaction may ask for more. */
const GAS_CAP = 16_777_216n;

export interface SenderOptions {
  rpcUrl: string;
  chainId: number;
  account: LocalAccount;
  /** "zero" (Skrumble's own chains): fees are explicit zeros. "estimate": what the chain asks for. */
  fees?: "zero" | "estimate";
}

/** Sends transactions of one account and waits for each; several may be under way. */
export interface Sender {
  readonly address: Address;
  readonly client: PublicClient;
  /** Waits until everything this account sent before, perhaps in another run, is in a block. */
  settled(): Promise<void>;
  /** Where the next contract will be, or the one so many after it. */
  nextAddress(after?: bigint): Promise<Address>;
  deploy(artifact: { abi: Abi; bytecode: Hex }, args: readonly unknown[]): Promise<{ address: Address; block: bigint }>;
  send(to: Address, abi: Abi, functionName: string, args: readonly unknown[]): Promise<void>;
}

export function createSender(options: SenderOptions): Sender {
  const { account } = options;
  const chain = defineChain({
    id: options.chainId,
    name: "Skrumble",
    nativeCurrency: { name: "SKM gas", symbol: "GAS", decimals: 18 },
    rpcUrls: { default: { http: [options.rpcUrl] } },
  });
  const transport = http(options.rpcUrl, { retryCount: 5, timeout: 30_000 });
  const client = createPublicClient({ chain, transport, pollingInterval: 200, cacheTime: 0 }) as PublicClient;
  const wallet = createWalletClient({ chain, transport, account: account as Account });
  const fees = options.fees === "estimate" ? {} : { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  const nonce = () => client.getTransactionCount({ address: account.address, blockTag: "pending" });

  /**
   * A quarter more than estimated: the estimate is exact for the state of this moment, and a block later another branch
   * may be taken (a holding window ends, somebody else registers first).
   */
  async function gasFor(transaction: { to?: Address; data: Hex }): Promise<bigint> {
    const exact = await client.estimateGas({ ...transaction, ...fees, account });
    const ample = (exact * 5n) / 4n + 10_000n;
    return ample < GAS_CAP ? ample : GAS_CAP;
  }

  let submitting: Promise<unknown> = Promise.resolve();

  /** Nonces in order: one submission at a time; waiting for the blocks happens side by side. */
  async function submit(transaction: { to?: Address; data: Hex }): Promise<Hex> {
    const request = { ...transaction, ...fees, account, chain, gas: await gasFor(transaction), nonce: await nonce() };
    return wallet.sendTransaction(request as Parameters<typeof wallet.sendTransaction>[0]);
  }

  async function transact(transaction: { to?: Address; data: Hex }) {
    const submitted = submitting.then(() => submit(transaction));
    submitting = submitted.catch(() => {});
    const hash = await submitted;
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: 180_000 });
    if (receipt.status !== "success") throw new Error(`Transaction ${hash} was reverted`);
    return receipt;
  }

  return {
    address: account.address,
    client,
    async settled() {
      for (const end = Date.now() + SETTLE_MS; Date.now() < end; await sleep(200)) {
        const mined = await client.getTransactionCount({ address: account.address, blockTag: "latest" });
        if (mined === (await nonce())) return;
      }
      throw new Error("An earlier transaction of the deployer is still waiting for a block");
    },
    nextAddress: async (after = 0n) =>
      getContractAddress({ from: account.address, nonce: BigInt(await nonce()) + after }),
    async deploy({ abi, bytecode }, args) {
      const receipt = await transact({ data: encodeDeployData({ abi, bytecode, args }) });
      if (!receipt.contractAddress) throw new Error("The chain reports no contract address");
      return { address: receipt.contractAddress, block: receipt.blockNumber };
    },
    async send(to, abi, functionName, args) {
      await transact({ to, data: encodeFunctionData({ abi, functionName, args }) });
    },
  };
}
