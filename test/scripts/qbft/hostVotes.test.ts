import { type Address, toRlp } from "viem";
import { expect, it, onTestFinished, vi } from "vitest";
import { castVotes } from "../../../scripts/chain/qbft/castVotes.ts";
import { EPOCH_LENGTH } from "../../../scripts/chain/qbft/genesis.ts";
import { nodeName, type QbftNetwork, type QbftNode } from "../../../scripts/chain/qbft/network.ts";
import { count, tallyAt } from "../../../scripts/chain/qbft/tally.ts";
import { sayBallot } from "../../../scripts/chain/qbft/verbs/sayBallot.ts";
import { addressesOf, fakeNode, networkOf } from "./support.ts";

const HOSTS = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"];
const newcomer = addressesOf(20)[19] as Address;

/** The network as the host of validator `here` has it; each validator is on a host of its own. */
function spreadNetwork(here: number): QbftNetwork {
  const network = networkOf(4);
  const nodes = network.nodes.map((node, at) => ({ ...node, at: { host: HOSTS[at] as string, p2pPort: 30_303 } }));
  return { ...network, nodes, here: HOSTS[here - 1] as string };
}

interface Fake {
  /** Whose votes are in the blocks before the first question. */
  earlier?: readonly number[];
  /** It proposes no block. */
  idle?: boolean;
  /** The others make the change while this one waits. */
  othersChange?: boolean;
  /** The newest block at the start. */
  head?: number;
}

/**
 * A fake of the one validator that this host has, of four that propose in turn: a block per question for the head. As Besu does, it casts
 * no vote that its tally of this epoch holds already, and none for what is so.
 */
async function fakeHost(here: number, change: { address: Address; add: boolean }, given: Fake = {}) {
  const { earlier = [], idle = false, othersChange = false } = given;
  const set = addressesOf(4);
  let { head = 10 } = given;
  let proposed = false;
  let now = set;
  let tally = new Set<number>();
  const votes = new Set<number>();
  const propose = (number: number, voting: (validator: number) => boolean): void => {
    const validator = (number % 4) + 1;
    if (now === set && voting(validator) && !tally.has(validator)) {
      votes.add(number);
      tally.add(validator);
    }
    // The last block of an epoch: its vote is forgotten with the others.
    if ((number + 1) % EPOCH_LENGTH === 0) tally = new Set();
    if (tally.size >= 3) now = change.add ? [...set, change.address] : set.filter((one) => one !== change.address);
  };
  for (let number = head - 4; number <= head; number++) propose(number, (validator) => earlier.includes(validator));
  const node = await fakeNode({
    eth_blockNumber: () => {
      head += 1;
      propose(head, (validator) => (validator === here ? !idle && proposed : othersChange));
      return `0x${head.toString(16)}`;
    },
    eth_getBlockByNumber: ([number]) => ({
      miner: set[Number(number) % 4],
      extraData: toRlp([
        `0x${"00".repeat(32)}`,
        set,
        votes.has(Number(number)) ? [change.address, change.add ? "0xff" : "0x00"] : [],
        "0x",
        [],
      ]),
    }),
    qbft_getValidatorsByBlockNumber: () => now,
    qbft_proposeValidatorVote: ([address, add]) => {
      expect([address, add]).toEqual([change.address, change.add]);
      proposed = true;
      return true;
    },
    qbft_discardValidatorVote: () => {
      proposed = false;
      return true;
    },
  });
  const asked: string[] = [];
  const urlOf = (one: QbftNode): string => {
    asked.push(nodeName(one));
    return node.url;
  };
  const cast = (more: { seconds?: number; fewest?: number } = {}) =>
    castVotes(spreadNetwork(here), { ...change, seconds: 30, urlOf, ...more });
  return { cast, asked, left: () => proposed };
}

const join = { address: newcomer, add: true };

it("casts the vote of this host alone, waits until a block holds it, and says how many it takes", async () => {
  const { cast, asked, left } = await fakeHost(2, join);
  const ballot = await cast();
  expect(ballot).toMatchObject({
    cast: 1,
    needed: 3,
    of: 4,
    validators: undefined,
    forgotten: { block: EPOCH_LENGTH - 1 },
  });
  expect(ballot.voters.map(nodeName)).toEqual(["validator-2"]);
  expect(new Set(asked)).toEqual(new Set(["validator-2"]));
  expect(left()).toBe(false);
});

it.each([true, false])("tells the new set when its vote was the last one (add: %s)", async (add) => {
  const address = add ? newcomer : (addressesOf(4)[0] as Address);
  const { cast } = await fakeHost(3, { address, add }, { earlier: [2, 4] });
  expect((await cast({ fewest: 1 })).validators?.includes(address)).toBe(add);
});

it("counts the votes of other hosts that are in blocks already", async () => {
  const { cast } = await fakeHost(3, join, { earlier: [1] });
  expect(await cast()).toMatchObject({ cast: 2, needed: 3, validators: undefined });
});

it("can be repeated when its vote is in a block already: the node casts no second one", async () => {
  const { cast, left } = await fakeHost(2, join, { earlier: [2], head: 400 });
  expect(await cast()).toMatchObject({ cast: 1, validators: undefined });
  expect(left()).toBe(false);
});

it("is content when the others made the change before it proposed a block", async () => {
  const { cast } = await fakeHost(1, join, { idle: true, othersChange: true });
  expect((await cast()).validators).toContain(newcomer);
});

it("does not take a vote of the last epoch for one that counts", async () => {
  const { cast } = await fakeHost(2, join, { earlier: [1, 2], head: EPOCH_LENGTH, idle: true });
  await expect(cast({ seconds: 1 })).rejects.toThrow("not all in a block");
  const last = await fakeHost(4, join, { earlier: [4], head: EPOCH_LENGTH - 1, idle: true });
  await expect(last.cast({ seconds: 1 })).rejects.toThrow("not all in a block");
  const over = await fakeHost(2, join, { earlier: [1, 4], head: EPOCH_LENGTH - 1 });
  expect(await over.cast()).toMatchObject({ cast: 1, forgotten: { block: 2 * EPOCH_LENGTH - 1 } });
});

it("takes the block that begins an epoch for one whose vote counts", async () => {
  const { cast } = await fakeHost(1, join, { earlier: [1], head: EPOCH_LENGTH, idle: true });
  expect(await cast()).toMatchObject({ cast: 1, validators: undefined });
});

it("takes the proposal back when the validator proposes no block, and says that votes in blocks stay", async () => {
  const { cast, left } = await fakeHost(1, join, { idle: true });
  await expect(cast({ seconds: 1 })).rejects.toThrow(
    "the votes of validator-1 were not all in a block. The proposals are taken back; votes already in blocks keep counting.",
  );
  expect(left()).toBe(false);
});

it("does not ask a validator to vote itself out, nor for what is so already", async () => {
  const [first, second] = addressesOf(4) as [Address, Address];
  const vote = async (address: Address, add: boolean, fewest = 4) =>
    (await fakeHost(1, { address, add })).cast({ fewest });
  await expect(vote(first, false, 1)).rejects.toThrow("Run the same on the other hosts");
  await expect(vote(second, true)).rejects.toThrow("already a validator");
  await expect(vote(second, false)).rejects.toThrow("With 3 validators the chain would halt");
});

it("counts votes as Besu does: the last word of each validator, until the set has changed", () => {
  const set = addressesOf(4);
  const [one, two] = set as [Address, Address];
  const tally = tallyAt(EPOCH_LENGTH + 50, newcomer, true);
  expect(tally.upTo).toBe(EPOCH_LENGTH - 1);
  const block = (by: Address, vote: readonly [Address, boolean] | undefined, validators = set) => {
    const bytes = vote ? [vote[0], vote[1] ? ("0xff" as const) : ("0x" as const)] : [];
    count(tally, by, toRlp([`0x${"00".repeat(32)}`, validators, bytes, "0x", []]));
    return [...tally.by];
  };
  expect(block(one, [newcomer, true])).toEqual([one]);
  expect(block(two, [addressesOf(30)[29] as Address, true])).toEqual([one]);
  expect(block(two, [newcomer, true])).toEqual([one, two]);
  expect(block(one, [newcomer, false])).toEqual([two]);
  expect(block(one, undefined, set.slice(0, 1))).toEqual([]);
  expect(block(one, [newcomer, true])).toEqual([one]);
  expect(block(two, undefined, [...set, newcomer])).toEqual([]);
  expect(() => count(tally, one, "0x")).toThrow("not a block of QBFT");
});

it.each([
  [
    { cast: 2, forgotten: { block: 30_000, seconds: 600 } },
    "the votes of 2 count now: 1 more",
    "block 30000, in 10 min",
  ],
  [{ cast: 1, forgotten: { block: 60_000, seconds: 20_000 } }, "1 count now: 2 more", "block 60000, in 5 hours"],
])("says of %j how many are missing and until when", (given, missing, until) => {
  const said = { out: [] as string[] };
  for (const name of ["log", "error"] as const)
    vi.spyOn(console, name).mockImplementation((...words: unknown[]) => void said.out.push(words.join(" ")));
  onTestFinished(() => void vi.restoreAllMocks());
  const voters = networkOf(4).nodes.slice(0, 1);
  expect(sayBallot({ voters, needed: 3, of: 4, validators: undefined, ...given }, "add-validator 0x5")).toBe(0);
  expect(said.out.join("\n")).toContain(missing);
  expect(said.out.join("\n")).toContain(until);
});
