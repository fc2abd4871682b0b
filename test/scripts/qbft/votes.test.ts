import type { Address } from "viem";
import { expect, it } from "vitest";
import { changeValidators } from "../../../scripts/chain/qbft/changeValidators.ts";
import { nodeName, type QbftNode } from "../../../scripts/chain/qbft/network.ts";
import { majorityOf, quorumOf } from "../../../scripts/chain/qbft/quorum.ts";
import { addressesOf, type FakeNode, fakeNode, networkOf } from "./support.ts";

/**
 * Fakes of validators that count votes as QBFT does: with more than half of the set, the set changes. `deaf` ones do
 * not take proposals.
 */
async function fakeChain(size: number, deaf: readonly number[] = []) {
  const network = networkOf(size);
  let set: Address[] = addressesOf(size);
  const votes = new Set<number>();
  const nodes: FakeNode[] = [];
  for (let at = 0; at < size; at++) {
    nodes.push(
      await fakeNode({
        qbft_getValidatorsByBlockNumber: () => set,
        qbft_proposeValidatorVote: ([address, add]) => {
          if (deaf.includes(at + 1)) throw new Error("not now");
          votes.add(at);
          if (2 * votes.size > set.length) {
            set = add ? [...set, address as Address] : set.filter((one) => one !== address);
          }
          return true;
        },
        qbft_discardValidatorVote: () => votes.delete(at),
      }),
    );
  }
  const urlOf = (node: QbftNode): string => nodes[node.index - 1]?.url ?? "";
  const voted = (method: string) => nodes.flatMap(({ asked }) => asked.filter((one) => one.method === method));
  return { network, urlOf, voted, left: votes };
}

const newcomer = addressesOf(20)[19] as Address;

it.each([
  [4, 3, 3],
  [5, 4, 3],
  [6, 4, 4],
  [7, 5, 4],
  [10, 7, 6],
])("of %i validators, %i agree on a block and %i vote for a change", (size, quorum, majority) => {
  expect([quorumOf(size), majorityOf(size)]).toEqual([quorum, majority]);
});

it.each([
  [4, 3],
  [7, 4],
  [10, 6],
])("lets just as many of %i validators vote as are needed, and takes the proposals back", async (size, needed) => {
  const { network, urlOf, voted, left } = await fakeChain(size);
  const { voters, validators } = await changeValidators(network, { address: newcomer, add: true, seconds: 30, urlOf });
  expect(voters).toHaveLength(needed);
  expect(validators).toContain(newcomer);
  expect(voted("qbft_proposeValidatorVote").map(({ params }) => params)).toEqual(
    Array.from({ length: needed }, () => [newcomer, true]),
  );
  expect(voted("qbft_discardValidatorVote")).toHaveLength(needed);
  expect(left.size).toBe(0);
});

it("removes a validator without asking it", async () => {
  const { network, urlOf } = await fakeChain(5);
  const gone = addressesOf(5)[0] as Address;
  const { voters, validators } = await changeValidators(network, { address: gone, add: false, seconds: 30, urlOf });
  expect(voters.map(nodeName)).toEqual(["validator-2", "validator-3", "validator-4"]);
  expect(validators).not.toContain(gone);
});

it("does not leave a chain with three validators unless it is told to", async () => {
  const { network, urlOf, voted } = await fakeChain(4);
  const change = { address: addressesOf(4)[0] as Address, add: false, seconds: 30, urlOf };
  await expect(changeValidators(network, change)).rejects.toThrow("With 3 validators the chain would halt");
  expect(voted("qbft_proposeValidatorVote")).toEqual([]);
  expect((await changeValidators(network, { ...change, fewest: 1 })).validators).toHaveLength(3);
});

it("asks another one when a validator does not take the proposal", async () => {
  const { network, urlOf } = await fakeChain(4, [2]);
  const { voters } = await changeValidators(network, { address: newcomer, add: true, seconds: 30, urlOf });
  expect(voters.map(nodeName)).toEqual(["validator-1", "validator-3", "validator-4"]);
});

it("takes everything back when too few can vote", async () => {
  const { network, urlOf, voted, left } = await fakeChain(4, [1, 2]);
  const change = changeValidators(network, { address: newcomer, add: true, seconds: 30, urlOf });
  await expect(change).rejects.toThrow("3 of 4 validators must vote, but only 2 could be asked");
  expect(voted("qbft_discardValidatorVote")).toHaveLength(2);
  expect(left.size).toBe(0);
});

it("does not vote for what is already so", async () => {
  const { network, urlOf, voted } = await fakeChain(4);
  const one = addressesOf(4)[0] as Address;
  await expect(changeValidators(network, { address: one, add: true, seconds: 30, urlOf })).rejects.toThrow("already");
  const none = changeValidators(network, { address: newcomer, add: false, seconds: 30, urlOf });
  await expect(none).rejects.toThrow("not a validator");
  expect(voted("qbft_proposeValidatorVote")).toEqual([]);
});
