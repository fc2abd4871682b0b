import { type Address, toRlp } from "viem";
import { expect, it } from "vitest";
import { castVotes } from "../../../scripts/chain/qbft/castVotes.ts";
import { nodeName, type QbftNetwork, type QbftNode } from "../../../scripts/chain/qbft/network.ts";
import { addressesOf, fakeNode, networkOf } from "./support.ts";

const HOSTS = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"];
const newcomer = addressesOf(20)[19] as Address;

/** The network as the host of validator `here` has it; each validator is on a host of its own. */
function spreadNetwork(here: number): QbftNetwork {
  const network = networkOf(4);
  const nodes = network.nodes.map((node, at) => ({ ...node, at: { host: HOSTS[at] as string, p2pPort: 30_303 } }));
  return { ...network, nodes, here: HOSTS[here - 1] as string };
}

/**
 * A fake of the one validator that this host has, of four that propose in turn: a block per question for the head. Votes of the others
 * that are in blocks already are counted beside it.
 */
async function fakeHost(here: number, earlier: readonly number[], idle = false) {
  const set = addressesOf(4);
  const own = set[here - 1] as Address;
  let head = 10;
  let proposal: { address: Address; add: boolean } | undefined;
  const votes = new Map<number, { address: Address; add: boolean }>();
  let counted = earlier.length;
  let now = set;
  const node = await fakeNode({
    eth_blockNumber: () => {
      head += 1;
      if (!idle && set[head % 4] === own && proposal) {
        votes.set(head, proposal);
        counted += 1;
        if (counted >= 3)
          now = proposal.add ? [...set, proposal.address] : set.filter((one) => one !== proposal?.address);
      }
      return `0x${head.toString(16)}`;
    },
    eth_getBlockByNumber: ([number]) => {
      const vote = votes.get(Number(number));
      return {
        miner: set[Number(number) % 4],
        extraData: toRlp([
          `0x${"00".repeat(32)}`,
          set,
          vote ? [vote.address, vote.add ? "0xff" : "0x00"] : [],
          "0x",
          [],
        ]),
      };
    },
    qbft_getValidatorsByBlockNumber: () => now,
    qbft_proposeValidatorVote: ([address, add]) => {
      proposal = { address: address as Address, add: add as boolean };
      return true;
    },
    qbft_discardValidatorVote: () => {
      proposal = undefined;
      return true;
    },
  });
  const asked: string[] = [];
  const urlOf = (one: QbftNode): string => {
    asked.push(nodeName(one));
    return node.url;
  };
  return { urlOf, asked, left: () => proposal };
}

it("casts the vote of this host alone, waits until a block holds it, and says how many it takes", async () => {
  const { urlOf, asked, left } = await fakeHost(2, []);
  const ballot = await castVotes(spreadNetwork(2), { address: newcomer, add: true, seconds: 30, urlOf });
  expect(ballot).toMatchObject({ needed: 3, of: 4, validators: undefined });
  expect(ballot.voters.map(nodeName)).toEqual(["validator-2"]);
  expect(new Set(asked)).toEqual(new Set(["validator-2"]));
  expect(left()).toBeUndefined();
});

it.each([true, false])("tells the new set when its vote was the last one (add: %s)", async (add) => {
  const address = add ? newcomer : (addressesOf(4)[0] as Address);
  const { urlOf } = await fakeHost(3, [2, 4]);
  const ballot = await castVotes(spreadNetwork(3), { address, add, seconds: 30, fewest: 1, urlOf });
  expect(ballot.validators?.includes(address)).toBe(add);
});

it("takes the vote back when the validator proposes no block", async () => {
  const { urlOf, left } = await fakeHost(1, [], true);
  const cast = castVotes(spreadNetwork(1), { address: newcomer, add: true, seconds: 1, urlOf });
  await expect(cast).rejects.toThrow("the votes of validator-1 were not all in a block; they are taken back");
  expect(left()).toBeUndefined();
});

it("does not ask a validator to vote itself out, nor for what is so already", async () => {
  const { urlOf, left } = await fakeHost(1, []);
  const [first, second] = addressesOf(4) as [Address, Address];
  const vote = (address: Address, add: boolean, fewest?: number) =>
    castVotes(spreadNetwork(1), { address, add, seconds: 5, fewest, urlOf });
  await expect(vote(first, false, 1)).rejects.toThrow("Run the same on the other hosts");
  await expect(vote(second, true)).rejects.toThrow("already a validator");
  await expect(vote(second, false)).rejects.toThrow("With 3 validators the chain would halt");
  expect(left()).toBeUndefined();
});
