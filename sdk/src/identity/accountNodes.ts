import { keccak256 } from "viem";
import { createRpc, type Rpc } from "../chain/rpc.ts";
import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
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
  /**
   * Asked once, also by many at once, unless it fails. Two nodes have to name the same first block, where several are known and answer: one
   * alone could make one account's numbers be counted twice. With a single node, or as long as only one answers, its word has to do; in the
   * latter case the others are asked again after a minute.
   * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED (those that answer name different blocks), RpcError
   */
  identify(): Promise<ChainId>;
}

/** So many nodes, of different hosts, have to say the same, where so many answer. */
const needed = 2;
/** So many are asked, however many are known. */
const mostAsked = 8;
/** In milliseconds: for so long one node's word does where others that are known did not answer. */
const aloneFor = 60_000;

/** @param chainId what each has to be of; absent where one node's word is enough */
export function createNodes(urls: readonly string[], chainId?: number): Nodes {
  const endpoints = urls.map((url) => ({ url, operator: url }));
  const rpc = createRpc({ endpoints: () => endpoints, ...(chainId === undefined ? {} : { chainId }) });
  let known: Promise<ChainId> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return {
    rpc,
    identify() {
      if (known && Date.now() < until) return known;
      until = Number.POSITIVE_INFINITY;
      const asked: Promise<ChainId> = readChainId(rpc, chainId).then(
        ({ id, genesis, isAlone }) => {
          if (isAlone && known === asked) until = Date.now() + aloneFor;
          return { id, genesis };
        },
        (error) => {
          if (known === asked) known = undefined;
          throw error;
        },
      );
      known = asked;
      return known;
    },
  };
}

/** @returns whether it is one node's word, although more are known */
async function readChainId(rpc: Rpc, chainId: number | undefined): Promise<ChainId & { isAlone: boolean }> {
  const [id, first] = await Promise.all([chainId ?? rpc.request("eth_chainId", []), readGenesis(rpc)]);
  return { id: Number(id), ...first };
}

/** Every node is asked, and none waited for once two agree. */
async function readGenesis(rpc: Rpc): Promise<{ genesis: string; isAlone: boolean }> {
  const endpoints = rpc.endpoints().slice(0, mostAsked);
  const votes = new Map<string, Set<string>>();
  let failure: unknown;
  let agree: (genesis: string) => void = () => undefined;
  const agreed = new Promise<string>((resolve) => {
    agree = resolve;
  });
  const all = endpoints.map(async (endpoint) => {
    try {
      const genesis = hashOf(await rpc.requestAt(endpoint, "eth_getBlockByNumber", ["0x0", false]));
      // Several addresses of one host are one node's word.
      const hosts = (votes.get(genesis) ?? new Set()).add(new URL(endpoint.url).host);
      votes.set(genesis, hosts);
      if (hosts.size >= needed) agree(genesis);
    } catch (error) {
      failure ??= error;
    }
  });
  const genesis = await Promise.race([agreed, Promise.all(all).then(() => undefined)]);
  if (genesis !== undefined) return { genesis, isAlone: false };
  const [only, ...others] = votes.keys();
  if (only === undefined) throw asSkrumbleError(failure, "CHAIN_UNREACHABLE");
  if (others.length > 0)
    throw new SkrumbleError("QUORUM_FAILED", { details: "The nodes name different first blocks." });
  return { genesis: only, isAlone: endpoints.length > 1 };
}

function hashOf(block: unknown): string {
  const hash = (block as { hash?: unknown } | null)?.hash;
  if (typeof hash === "string" && /^0x[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  throw new SkrumbleError("CHAIN_UNREACHABLE", { details: "A node without the first block." });
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
