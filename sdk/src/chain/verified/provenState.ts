import { type Hex, numberToHex } from "viem";
import { codeOf, SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { onePerOperator } from "../quorum.ts";
import type { RpcEndpoint } from "../types.ts";
import { proveStorage } from "./accountProof.ts";
import { type Checkpoint, followValidators } from "./followValidators.ts";
import { type Header, parseHeader } from "./header.ts";
import { checkSeals } from "./seals.ts";
import { unproven } from "./unproven.ts";

/** Storage after one block that the chain's validators sealed. */
export interface ProvenState {
  /** Words of a contract's storage, in the order of the slots. @throws SkrumbleError CHAIN_UNPROVEN, and what the relay throws */
  storage(address: Address, slots: readonly Hex[]): Promise<bigint[]>;
}

/** As many operators are asked for the newest block; one alone could show an old one. */
const asked = 2;
const rounds = 4;

/** The newest block that was found to be sealed, per chain: what is older is not shown any more. */
const newest = new WeakMap<Chain, Checkpoint>();
/** Relays that were caught: not asked for proofs again. */
const caught = new WeakMap<Chain, Set<string>>();

/**
 * Reads from the newest state that can be proven, at one relay; when that one fails or lies, at the next, from the beginning. A relay
 * that lied is left as soon as another one shows the truth: before that, it may be this program that does not know the chain any more.
 * @param genesis validators that sealed the first block
 * @throws SkrumbleError CHAIN_UNPROVEN (no relay proves what it says), CHAIN_UNREACHABLE, ABORTED
 */
export async function readProven<T>(
  chain: Chain,
  genesis: readonly Address[],
  read: (state: ProvenState) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let liars = new Map<string, RpcEndpoint>();
  for (let round = 0; round < rounds; round++) {
    throwIfAborted(signal);
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, 300 * round));
    liars = new Map();
    for (const { endpoint, header } of await heads(chain, genesis, liars, signal)) {
      try {
        const storage: ProvenState["storage"] = async (address, slots) =>
          proveStorage(
            header.stateRoot,
            address,
            slots,
            await chain.rpc.requestAt(endpoint, "eth_getProof", [address, slots, numberToHex(header.number)], signal),
          );
        const result = await read({ storage });
        leave(chain, liars);
        return result;
      } catch (error) {
        throwIfAborted(signal);
        if (codeOf(error) === "CHAIN_UNPROVEN") liars.set(endpoint.url, endpoint);
      }
    }
  }
  throw liars.size > 0 ? unproven("No relay proves what it says.") : new SkrumbleError("CHAIN_UNREACHABLE");
}

interface Head {
  endpoint: RpcEndpoint;
  header: Header;
}

/** Newest blocks with the relays that know them, the newest first; none that is older than what was seen before. */
async function heads(
  chain: Chain,
  genesis: readonly Address[],
  liars: Map<string, RpcEndpoint>,
  signal: AbortSignal | undefined,
): Promise<Head[]> {
  const left = caught.get(chain);
  const waiting = onePerOperator(chain.rpc).filter(({ url }) => !left?.has(url));
  const found: Head[] = [];
  while (found.length < asked && waiting.length > 0) {
    const next = waiting.splice(0, asked - found.length);
    const answers = await Promise.all(next.map((endpoint) => headAt(chain, genesis, endpoint, liars, signal)));
    found.push(...answers.filter((answer) => answer !== undefined));
  }
  const known = newest.get(chain)?.number ?? 0n;
  return found
    .filter(({ header }) => header.number >= known)
    .sort((one, other) => Number(other.header.number - one.header.number));
}

async function headAt(
  chain: Chain,
  genesis: readonly Address[],
  endpoint: RpcEndpoint,
  liars: Map<string, RpcEndpoint>,
  signal: AbortSignal | undefined,
): Promise<Head | undefined> {
  const headerAt = async (number?: bigint): Promise<Header> => {
    const at = number === undefined ? "latest" : numberToHex(number);
    const block = await chain.rpc.requestAt(endpoint, "eth_getBlockByNumber", [at, false], signal);
    // A node that is behind, or keeps no old blocks, is no liar.
    if (block === null) throw new SkrumbleError("CHAIN_UNREACHABLE");
    const header = parseHeader(block);
    if (number !== undefined && header.number !== number) throw unproven("That is another block.");
    await checkSeals(header);
    return header;
  };
  try {
    const header = await headerAt();
    const from = newest.get(chain) ?? { number: 0n, validators: genesis };
    // An older one is no lie, the relay is behind; nor can it be followed to.
    if (header.number < from.number) return undefined;
    const checkpoint = await followValidators(from, header, headerAt);
    if (checkpoint.number >= (newest.get(chain)?.number ?? 0n)) newest.set(chain, checkpoint);
    return { endpoint, header };
  } catch (error) {
    throwIfAborted(signal);
    if (codeOf(error) === "CHAIN_UNPROVEN") liars.set(endpoint.url, endpoint);
    return undefined;
  }
}

function leave(chain: Chain, liars: ReadonlyMap<string, RpcEndpoint>): void {
  if (liars.size === 0) return;
  caught.set(chain, new Set([...(caught.get(chain) ?? []), ...liars.keys()]));
  for (const endpoint of liars.values()) chain.rpc.distrust?.(endpoint);
}
