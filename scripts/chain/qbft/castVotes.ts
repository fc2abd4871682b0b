import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "viem";
import { Refusal } from "../../lib/say.ts";
import { rpc } from "../rpc.ts";
import { type Change, expectToChange, firstSet, propose, setAt, withdraw } from "./changeValidators.ts";
import { readExtraData } from "./extraData.ts";
import { localNodes, nodeName, type QbftNetwork, type QbftNode } from "./network.ts";
import { rpcUrlOf } from "./places.ts";
import { majorityOf } from "./quorum.ts";
import { addresses, safeNumber } from "./watch/parse.ts";

/** Blocks read at one look; it looks several times in a block's time. */
const MOST_BLOCKS = 64;

export interface Ballot {
  /** Whose votes are in blocks now. */
  voters: QbftNode[];
  /** How many of how many must vote in all. */
  needed: number;
  of: number;
  /** The new set, if these votes were the last that it took. */
  validators: Address[] | undefined;
}

/**
 * Lets the validators of this host vote, where others are on other hosts, and waits until every vote is in a block: from then on
 * it counts by itself, until the next epoch, so the proposals are taken back.
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
  const start = await headOf(urlOf(asked));
  const voters: QbftNode[] = [];
  try {
    for (const node of able) if (await propose(urlOf(node), address, add)) voters.push(node);
    const [first] = voters;
    if (!first) throw new Refusal("No validator of this host took the proposal. Look: npm run chain -- doctor");
    const url = urlOf(first);
    const seen = { upTo: start, by: new Set<Address>() };
    for (const until = Date.now() + seconds * 1_000; Date.now() < until; await sleep(250)) {
      try {
        await readVotes(url, address, add, seen);
        if (!voters.every((node) => seen.by.has(node.address))) continue;
        const set = await setAt(url);
        const validators = set.includes(address) === add ? set : undefined;
        return { voters, needed: majorityOf(before.length), of: before.length, validators };
      } catch {
        // Busy; it is asked again.
      }
    }
    throw new Refusal(
      `After ${seconds} s the votes of ${voters.map(nodeName).join(", ")} were not all in a block; they are taken back. Look: npm run chain -- doctor`,
    );
  } finally {
    await Promise.all(voters.map((node) => withdraw(urlOf(node), address)));
  }
}

const headOf = async (url: string): Promise<number> =>
  safeNumber(await rpc<unknown>(url, "eth_blockNumber", [], 5_000));

/** Who voted so in the blocks since the last look. One block beyond the votes is waited for: the set follows them by one. */
async function readVotes(
  url: string,
  address: Address,
  add: boolean,
  seen: { upTo: number; by: Set<Address> },
): Promise<void> {
  const head = await headOf(url);
  const last = Math.min(head - 1, seen.upTo + MOST_BLOCKS);
  for (let number = seen.upTo + 1; number <= last; number++) {
    const block = await rpc<{ miner?: unknown; extraData?: unknown } | null>(
      url,
      "eth_getBlockByNumber",
      [`0x${number.toString(16)}`, false],
      5_000,
    );
    const vote =
      typeof block?.extraData === "string" ? readExtraData(block.extraData as `0x${string}`)?.vote : undefined;
    if (vote?.address === address && vote.add === add) for (const by of addresses([block?.miner])) seen.by.add(by);
    seen.upTo = number;
  }
}
