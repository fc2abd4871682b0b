import { keccak256 } from "viem";
import { createRpc, type Rpc } from "../chain/rpc.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Address, Hex } from "../types/primitives.ts";
import type { NonceSource } from "./numbers.ts";

/** The chain that nodes are of. Test networks share numbers: its first block tells them apart. */
export interface ChainId {
  id: number;
  genesis: string;
}

/** Nodes of one chain. */
export interface Nodes {
  rpc: Rpc;
  /** Asked once, also by many at once, unless it fails. @throws SkrumbleError CHAIN_UNREACHABLE, RpcError */
  identify(): Promise<ChainId>;
}

/** @param chainId what each has to be of; absent where one node's word is enough */
export function createNodes(urls: readonly string[], chainId?: number): Nodes {
  const endpoints = urls.map((url) => ({ url, operator: url }));
  const rpc = createRpc({ endpoints: () => endpoints, ...(chainId === undefined ? {} : { chainId }) });
  let known: Promise<ChainId> | undefined;
  return {
    rpc,
    identify() {
      known ??= readChainId(rpc).catch((error) => {
        known = undefined;
        throw error;
      });
      return known;
    },
  };
}

async function readChainId(rpc: Rpc): Promise<ChainId> {
  const [id, first] = await Promise.all([
    rpc.request("eth_chainId", []),
    rpc.request("eth_getBlockByNumber", ["0x0", false]),
  ]);
  const genesis = (first as { hash?: unknown } | null)?.hash;
  if (typeof genesis !== "string")
    throw new SkrumbleError("CHAIN_UNREACHABLE", { details: "A node without the first block." });
  return { id: Number(id), genesis };
}

/** @param fill signs a transaction that moves nothing */
export function createSource({ rpc }: Nodes, address: Address, fill: NonceSource["fill"]): NonceSource {
  const count = async (block: string) => Number(await rpc.request("eth_getTransactionCount", [address, block]));
  return {
    fill,
    async read() {
      const head = rpc.request("eth_blockNumber", []);
      const [block, mined, pending] = await Promise.all([head, count("latest"), count("pending")]);
      return { head: Number(block), mined, pending };
    },
    send: (raw, isLate) => rpc.request("eth_sendRawTransaction", [raw], undefined, isLate),
    knows: (raw) => isKnownBySome(rpc, keccak256(raw)),
  };
}

/** Every node is asked: one alone may have it. Those that do not answer know nothing, as long as another one answers. */
async function isKnownBySome(rpc: Rpc, hash: Hex): Promise<boolean> {
  const said = await Promise.all(
    rpc.endpoints().map((endpoint) =>
      rpc.requestAt(endpoint, "eth_getTransactionByHash", [hash]).then(
        (found) => found !== null,
        () => undefined,
      ),
    ),
  );
  if (!said.includes(true) && !said.includes(false)) throw new SkrumbleError("CHAIN_UNREACHABLE");
  return said.includes(true);
}
