import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "viem";
import { Refusal } from "../../lib/say.ts";
import { rpc } from "../rpc.ts";
import { FEWEST_VALIDATORS, nodeName, type QbftNetwork, type QbftNode, validatorsOf } from "./network.ts";
import { rpcUrlOf } from "./places.ts";
import { majorityOf } from "./quorum.ts";
import { addresses } from "./watch/parse.ts";

export interface Change {
  address: Address;
  /** True: it becomes a validator. */
  add: boolean;
  /** How long to wait for the votes to be cast: each voter casts its own when it proposes. */
  seconds: number;
  /** The set must not become smaller than this. */
  fewest?: number | undefined;
  urlOf?: (node: QbftNode) => string;
}

/**
 * Lets just as many validators vote as are needed, waits until the chain has the new set, and takes the proposals back:
 * a node would go on casting a forgotten one when the set changes again. Returns the voters and the new set.
 */
export async function changeValidators(
  network: QbftNetwork,
  { address, add, seconds, fewest, urlOf = (node) => rpcUrlOf(network, node) }: Change,
): Promise<{ voters: QbftNode[]; validators: Address[] }> {
  const before = await firstSet(validatorsOf(network), urlOf);
  expectToChange(before, { address, add, fewest });
  const needed = majorityOf(before.length);
  const voters: QbftNode[] = [];
  // One that is to go is not asked to help.
  for (const node of validatorsOf(network).filter((one) => before.includes(one.address) && one.address !== address)) {
    if (voters.length === needed) break;
    if (await propose(urlOf(node), address, add)) voters.push(node);
  }
  try {
    if (voters.length < needed) {
      throw new Refusal(
        `${needed} of ${before.length} validators must vote, but only ${voters.length} could be asked. Nothing is changed.`,
      );
    }
    const validators = await untilChanged(urlOf(voters[0] as QbftNode), address, add, seconds);
    if (!validators) {
      throw new Refusal(
        `After ${seconds} s the votes of ${voters.map(nodeName).join(", ")} were not all in a block. The proposals are taken back; votes already in blocks keep counting. Look: npm run chain -- doctor`,
      );
    }
    return { voters, validators };
  } finally {
    await Promise.all(voters.map((node) => withdraw(urlOf(node), address)));
  }
}

/** Refuses a change that is none, or after which one failure would halt the chain. */
export function expectToChange(
  before: readonly Address[],
  { address, add, fewest = FEWEST_VALIDATORS }: Pick<Change, "address" | "add" | "fewest">,
): void {
  if (before.includes(address) === add) {
    throw new Refusal(`${address} is ${add ? "already a validator" : "not a validator"}; there is nothing to vote on.`);
  }
  if (!add && before.length <= fewest) {
    throw new Refusal(
      `With ${before.length - 1} validators the chain would halt when one of them fails. Add another one first, or insist with --force.`,
    );
  }
}

/** The set as the first of these validators that answers knows it. */
export async function firstSet(nodes: readonly QbftNode[], urlOf: (node: QbftNode) => string): Promise<Address[]> {
  for (const node of nodes) {
    try {
      return await setAt(urlOf(node));
    } catch {
      // The next one may answer.
    }
  }
  throw new Refusal("No validator answers. Start them: npm run chain -- up");
}

export const setAt = async (url: string): Promise<Address[]> =>
  addresses(await rpc<unknown>(url, "qbft_getValidatorsByBlockNumber", ["latest"], 5_000));

/** False: the node did not take it. */
export async function propose(url: string, address: Address, add: boolean): Promise<boolean> {
  try {
    return (await rpc<unknown>(url, "qbft_proposeValidatorVote", [address, add], 5_000)) === true;
  } catch {
    return false;
  }
}

async function untilChanged(
  url: string,
  address: Address,
  add: boolean,
  seconds: number,
): Promise<Address[] | undefined> {
  for (const until = Date.now() + seconds * 1_000; Date.now() < until; await sleep(250)) {
    try {
      const validators = await setAt(url);
      if (validators.includes(address) === add) return validators;
    } catch {
      // Busy; it is asked again.
    }
  }
  return undefined;
}

/** Takes a proposal back, so that the node does not vote so again. */
export async function withdraw(url: string, address: Address): Promise<void> {
  try {
    await rpc(url, "qbft_discardValidatorVote", [address], 5_000);
  } catch {
    // It went down; a proposal lives in memory only.
  }
}
