import { type Hex, numberToHex } from "viem";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { fewestValidators } from "../provenance.ts";
import { onePerOperator } from "../quorum.ts";
import type { RpcEndpoint } from "../types.ts";
import { proveStorage, proveStorageRoot } from "./accountProof.ts";
import { describedBy, isSameSet } from "./checkpoint.ts";
import { withDeadline } from "./deadline.ts";
import { type Findings, noFindings, note, reasonOf } from "./findings.ts";
import type { Header } from "./header.ts";
import { findHead } from "./heads.ts";
import { type Known, knownOf } from "./known.ts";
import { sealedHeader } from "./sealedHeader.ts";
import { shareOut } from "./shareOut.ts";
import { showNewest } from "./showNewest.ts";
import { spreadWords } from "./spreadWords.ts";
import { tooFewValidators } from "./unproven.ts";

/** Storage after one block that the chain's validators sealed. */
export interface ProvenState {
  /** Words of a contract's storage, in the order of the slots. @throws SkrumbleError CHAIN_UNPROVEN, and what the relay throws */
  storage(address: Address, slots: readonly Hex[]): Promise<bigint[]>;
  /** Adds any number of words to those that are proven: in parts, of several relays. @throws SkrumbleError CHAIN_UNREACHABLE where one cannot be had */
  words(address: Address, slots: readonly Hex[], proven: Map<Hex, bigint>): Promise<void>;
  /** Root of a contract's storage, by any relay: as long as that is the same, so is every word. @throws as `words` */
  root(address: Address): Promise<Hex>;
  /** Of the block. */
  number: bigint;
  /**
   * Root of a contract's storage after an earlier block, or this one. Undefined where other validators sealed that one: whether these were
   * the chain's then is not followed back. @throws as `storage`
   */
  earlierRoot(address: Address, number: bigint): Promise<Hex | undefined>;
}

const rounds = 4;
/** For one read in whole, validators followed and all, in milliseconds. What was followed to is not followed again. */
const longest = 20_000;
/** For a long list, whose parts come one after the other, none later than that after the last. A relay proves older blocks than that. */
const longestList = 240_000;

/**
 * Reads from the newest state that can be proven and that two operators know, at one relay; when that one fails or lies, at the next, from
 * the beginning. A relay that lied is left as soon as another one shows the truth: before that, it may be this program that does not
 * know the chain any more. Ends 20 seconds after it began, or after the last of several words came; within four minutes.
 * @throws SkrumbleError CHAIN_UNPROVEN (no relay proves what it says), CHAIN_MAY_BE_OLD (only one of several operators shows the newest
 * block), CHAIN_TOO_FEW_VALIDATORS (under four named, or on the chain), CHAIN_UNREACHABLE, ABORTED
 */
export async function readProven<T>(
  chain: Chain,
  read: (state: ProvenState) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (describedBy(chain.network).validators.length < fewestValidators) throw tooFewValidators();
  const findings = noFindings();
  const late = () => reasonOf(findings);
  const work = (ending: AbortSignal, goOn: () => void) => prove(chain, read, findings, goOn, ending);
  return withDeadline((ending) => withDeadline(work, longest, late, ending), longestList, late, signal);
}

async function prove<T>(
  chain: Chain,
  read: (state: ProvenState) => Promise<T>,
  findings: Findings,
  goOn: () => void,
  signal: AbortSignal,
): Promise<T> {
  const known = await knownOf(chain);
  let first: readonly RpcEndpoint[] = [];
  // More become known while a long list is read.
  const all = () => [...first, ...onePerOperator(chain.rpc).filter(({ operator }) => !known.isLeft(operator))];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await new Promise((resolve) => setTimeout(resolve, Math.max(300 * round, findings.wait)));
    throwIfAborted(signal);
    findings.wait = 0;
    findings.liars.clear();
    if (!known.isShown && !(await showNewest(chain, known, findings, signal))) continue;
    const head = await findHead(chain, known, findings, signal);
    if (!head) continue;
    const { endpoints, header } = head;
    const proofs = (endpoint: RpcEndpoint) => proofsOf(chain, endpoint, header, signal);
    first = endpoints;
    // Whoever failed in an earlier round is asked again.
    const share = shareOut(all, findings, goOn, signal);
    const shared: Pick<ProvenState, "root" | "words"> = {
      root: (address) => share((one) => proofs(one).root(address)),
      words: (address, slots, proven) =>
        spreadWords((part) => share((one) => proofs(one).storage(address, part)), slots, proven),
    };
    for (const endpoint of endpoints) {
      try {
        const result = await read({ ...proofs(endpoint), ...shared });
        leave(chain, known, findings);
        return result;
      } catch (error) {
        throwIfAborted(signal);
        note(findings, endpoint, error);
      }
    }
  }
  throw reasonOf(findings);
}

const proofsOf = (
  chain: Chain,
  endpoint: RpcEndpoint,
  { number, stateRoot, extra }: Header,
  signal: AbortSignal,
): Omit<ProvenState, "words"> => {
  async function ask(address: Address, slots: readonly Hex[], at: bigint): Promise<unknown> {
    const params = [address, slots, numberToHex(at)];
    const proof = await chain.rpc.requestAt(endpoint, "eth_getProof", params, signal);
    // A node that does not have that block yet, or keeps no state of it, is no liar.
    if (proof === null) throw new SkrumbleError("CHAIN_UNREACHABLE");
    return proof;
  }
  return {
    number,
    storage: async (address, slots) => proveStorage(stateRoot, address, slots, await ask(address, slots, number)),
    root: async (address) => proveStorageRoot(stateRoot, address, await ask(address, [], number)),
    async earlierRoot(address, at) {
      const header = await sealedHeader(chain, endpoint, at, signal);
      // A quorum of them sealed it, an honest one among these, who seals one block of a height and no false one.
      if (!isSameSet(header.extra.validators, extra.validators)) return undefined;
      return proveStorageRoot(header.stateRoot, address, await ask(address, [], at));
    },
  };
};

/** Relays that said what is not so, once another one has shown what is. */
export function leave(chain: Chain, known: Known, { liars }: Findings): void {
  for (const endpoint of liars.values()) {
    known.leave(endpoint.operator);
    chain.rpc.distrust?.(endpoint);
  }
}
