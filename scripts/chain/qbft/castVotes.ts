import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "viem";
import { Refusal } from "../../lib/say.ts";
import { type Change, expectToChange, firstSet, propose, setAt, withdraw } from "./changeValidators.ts";
import { localNodes, nodeName, type QbftNetwork, type QbftNode } from "./network.ts";
import { rpcUrlOf } from "./places.ts";
import { majorityOf } from "./quorum.ts";
import { epochEnd, headOf, readVotes, tallyAt } from "./tally.ts";

export interface Ballot {
  /** The validators of this host that were asked. */
  voters: QbftNode[];
  /** How many votes count now, those of other hosts with them. */
  cast: number;
  /** How many of how many must vote in all. */
  needed: number;
  of: number;
  /** Votes are forgotten at this block, which comes after so many seconds or later. */
  forgotten: { block: number; seconds: number };
  /** The new set, if the chain has it. */
  validators: Address[] | undefined;
}

/**
 * Lets the validators of this host vote, where others are on other hosts, and waits until the chain has the new set or counts every
 * vote. From then on a vote counts by itself, until the next epoch, so the proposals are taken back. May be repeated: a node casts no
 * second vote while its first one counts, so those of the whole epoch are read.
 */
export async function castVotes(
  network: QbftNetwork,
  { address, add, seconds, fewest, urlOf = (node) => rpcUrlOf(network, node) }: Change,
): Promise<Ballot> {
  const local = localNodes(network).filter(({ role }) => role === "validator");
  const before = await firstSet(local, urlOf);
  expectToChange(before, { address, add, fewest });
  const able = local.filter((node) => before.includes(node.address) && node.address !== address);
  const [asked] = able;
  if (!asked) throw new Refusal("No validator of this host has a vote on that. Run the same on the other hosts.");
  const tally = tallyAt(await headOf(urlOf(asked)), address, add);
  const voters: QbftNode[] = [];
  try {
    for (const node of able) if (await propose(urlOf(node), address, add)) voters.push(node);
    const [first] = voters;
    if (!first) throw new Refusal("No validator of this host took the proposal. Look: npm run chain -- doctor");
    const url = urlOf(first);
    const changed = async (): Promise<Address[] | undefined> => {
      const set = await setAt(url);
      return set.includes(address) === add ? set : undefined;
    };
    const ballot = (validators: Address[] | undefined): Ballot => ({
      voters,
      cast: tally.by.size,
      needed: majorityOf(before.length),
      of: before.length,
      forgotten: { block: epochEnd(tally), seconds: (epochEnd(tally) - tally.head) * network.blockPeriodSeconds },
      validators,
    });
    for (const until = Date.now() + seconds * 1_000; Date.now() < until; ) {
      try {
        const validators = await changed();
        if (validators) return ballot(validators);
        if (await readVotes(url, tally)) continue;
        if (voters.every((node) => tally.by.has(node.address))) return ballot(await changed());
      } catch {
        // Busy; it is asked again.
      }
      await sleep(250);
    }
    throw new Refusal(
      `After ${seconds} s the votes of ${voters.map(nodeName).join(", ")} were not all in a block. The proposals are taken back; votes already in blocks keep counting. Look: npm run chain -- doctor`,
    );
  } finally {
    await Promise.all(voters.map((node) => withdraw(urlOf(node), address)));
  }
}
