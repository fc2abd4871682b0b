import { keccak256, type LocalAccount, numberToHex } from "viem";
import { type GasPrice, gasLimit, readGasPrice } from "../chain/actions/readGasPrice.ts";
import { isNumberTaken, isUnfunded } from "../chain/rpc.ts";
import { asSkrumbleError, SkrumbleError, throwIfAborted } from "../errors/index.ts";
import type { TransactionRequest, WalletChain, WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { createNodes, createSource, type Nodes } from "./accountNodes.ts";
import { handOver } from "./handOver.ts";
import type { Nonce, Nonces } from "./nonces.ts";
import type { NonceSource } from "./numbers.ts";
import { NotSentError } from "./wallet.ts";

const free: GasPrice = { type: "eip1559", maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };

/** By chain and account, as long as something is followed: whoever sends out of the same account shares them. */
const accounts = new Map<string, Nonces>();

/** Of one wallet at once, from the call to the hash. */
const mostCalls = 1500;
/** Sets of nodes that a wallet remembers. */
const mostWays = 64;
/** In milliseconds: who takes longer to sign holds up all that come after it. */
const signFor = 60_000;

interface Way extends Nodes {
  source: NonceSource;
}

/**
 * A wallet that signs and sends, out of an account that only signs (`privateKeyToAccount`, `mnemonicToAccount` of viem). Gas costs
 * nothing on the network's chain: fees are zero, and said to be. On another chain it asks the nodes that the request names, and pays
 * what gas costs there.
 *
 * Which chain it is, by its first block, two of those nodes have to say alike (QUORUM_FAILED where they contradict each other); `rpcUrl` is one
 * node, whose word has to do, as has that of the only one that a request names, or that answers.
 *
 * Many can be sent at once: at most 500 wait for a block at a time, and 1,000 more for that. What a node forgot is sent again in the
 * same bytes for eight minutes in which the chain makes blocks, while the program runs. What it throws either was not sent, which `wasNotSent` tells, or is
 * WALLET_SEND_UNSURE with its `hash` and `nonce` as values: then it may have been, and is sent again in the same bytes.
 * @param rpcUrl JSON-RPC of a node, or a relay's `/rpc`
 */
export function withSending(
  account: Pick<LocalAccount, "address" | "signTypedData" | "signTransaction">,
  rpcUrl: string,
): WalletSigner {
  const { address } = account;
  const ways = new Map<string, Way>();
  let calls = 0;

  /** The same for every request to the same nodes. */
  function wayOf(chain: WalletChain | undefined): Way {
    const key = chain ? [chain.id, ...chain.rpcUrls.toSorted()].join(" ") : "";
    const known = ways.get(key);
    if (known) return known;
    const nodes = chain ? createNodes(chain.rpcUrls, chain.id) : createNodes([rpcUrl]);
    const nothing = { to: address, data: "0x", value: 0n } as const;
    const source = createSource(nodes, address, async (nonce) => {
      const { id } = await nodes.identify();
      return sign({ ...(await prepare(nodes, { ...nothing, chainId: id, ...(chain ? { chain } : {}) })), nonce });
    });
    const way = { ...nodes, source };
    if (ways.size >= mostWays) ways.clear();
    ways.set(key, way);
    return way;
  }

  /** All that needs no nonce. */
  async function prepare({ rpc, identify }: Nodes, { to, data, value, chainId, chain }: TransactionRequest) {
    if ((await identify()).id !== chainId) throw new SkrumbleError("WALLET_WRONG_CHAIN");
    const call = { from: address, to, data, value: numberToHex(value) };
    const gas = BigInt((await rpc.request("eth_estimateGas", [call, "latest"])) as Hex);
    const price = chain ? await readGasPrice(rpc) : free;
    // What a contract does may have changed by the time it is in a block; where gas is free, there is no need to be sparing.
    return { ...price, chainId, to, data, value, gas: chain ? gasLimit(gas) : gas * 2n };
  }

  const sign = (transaction: Parameters<LocalAccount["signTransaction"]>[0], signal?: AbortSignal): Promise<Hex> =>
    within(() => account.signTransaction(transaction), signal);

  async function numbered({ identify, source }: Way, request: TransactionRequest): Promise<Nonce> {
    const [{ createNonces }, { id, genesis }] = await Promise.all([import("./nonces.ts"), identify()]);
    const key = `${id} ${genesis} ${address.toLowerCase()}`;
    const nonces: Nonces =
      accounts.get(key) ?? createNonces(() => accounts.get(key) === nonces && accounts.delete(key));
    accounts.set(key, nonces);
    const { nonce, replaces, signal } = request;
    const act = `${request.to} ${request.data} ${request.value}`.toLowerCase();
    return nonce === undefined ? nonces.take(source, act, signal) : nonces.use(source, act, { nonce, replaces });
  }

  async function send(request: TransactionRequest): Promise<Hex> {
    const { signal } = request;
    let nonce: Nonce | undefined;
    try {
      throwIfAborted(signal);
      const way = wayOf(request.chain);
      const prepared = await prepare(way, request);
      nonce = await numbered(way, request);
      const raw = await sign({ ...prepared, nonce: nonce.nonce }, signal);
      const told = { hash: keccak256(raw), nonce: nonce.nonce };
      await within(async () => request.onSigned?.(told), signal);
      throwIfAborted(signal);
      const isAgain = request.nonce !== undefined;
      const handed = await handOver(way.rpc, raw, { ...nonce, isAgain, signal });
      if (handed.is === "refused") throw handed.error;
      nonce.sent(raw);
      if (handed.is === "unsure") throw new UnsureError(handed.error, told);
      return told.hash;
    } catch (error) {
      if (error instanceof UnsureError) throw error;
      nonce?.giveBack(isNumberTaken(error));
      throw new NotSentError(isUnfunded(error) ? unfunded(error) : asSkrumbleError(error, "WALLET_FAILED"));
    }
  }

  return {
    address,
    signTypedData: (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]),
    async sendTransaction(request) {
      if (calls >= mostCalls) throw new NotSentError(new SkrumbleError("WALLET_QUEUE_FULL"));
      calls++;
      try {
        return await send(request);
      } finally {
        calls--;
      }
    },
  };
}

/** What comes later is thrown away. @throws SkrumbleError WALLET_FAILED, ABORTED, and what the task throws */
async function within<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  throwIfAborted(signal);
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const givenUp = new Promise<never>((_, reject) => {
    const onAbort = () => reject(new SkrumbleError("ABORTED", { cause: signal?.reason }));
    signal?.addEventListener("abort", onAbort, { signal: ended.signal });
    timer = setTimeout(
      () => reject(new SkrumbleError("WALLET_FAILED", { details: "Nothing within a minute." })),
      signFor,
    );
  });
  try {
    return await Promise.race([task(), givenUp]);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

class UnsureError extends SkrumbleError {
  constructor(cause: unknown, values: { hash: Hex; nonce: number }) {
    super("WALLET_SEND_UNSURE", { cause, values });
  }
}

/** With what a rollup adds to it, the fee may be more than was estimated. */
const unfunded = (cause: unknown) => new SkrumbleError("GAS_OVER_BALANCE", { cause });
