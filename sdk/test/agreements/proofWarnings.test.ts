import { encodeFunctionResult, zeroAddress, zeroHash } from "viem";
import { expect, test } from "vitest";
import { parseDraft } from "../../src/agreements/parseDraft.ts";
import { findWarnings, unfundedIn, warningsOf } from "../../src/agreements/proofWarnings.ts";
import type { EscrowView } from "../../src/agreements/readEscrow.ts";
import type { Chain } from "../../src/chain/chain.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import type { AgreementView } from "../../src/types/agreed.ts";
import type { AgreementParty } from "../../src/types/agreements.ts";
import type { Address } from "../../src/types/primitives.ts";
import { hire, partyOf } from "../support/agreements.ts";
import { contractsAt } from "../support/contracts.ts";

/** A proof that holds still leaves things to be known. */

const base = hire();
const money = base.money && { ...base.money, rules: { ...base.money.rules, rulingTime: 86_400 } };
const judge = partyOf("arbiter", "judy", 3);
const draft = parseDraft({ ...base, arbiter: judge, money });
const [client, worker] = draft.parties as [AgreementParty, AgreementParty];

/** The registry as it is now. @param now what is other than in the draft, by public ID */
function chainOf(operators: string[], now: Record<string, { owner?: Address; name?: string; revoked?: true }> = {}) {
  const answer = async (_: string, [call]: [{ data: string }]) => {
    const one = [client, worker, judge].find(({ publicId }) => call.data.includes(publicId.slice(2))) ?? judge;
    const record = {
      ...{ owner: one.wallet, keyVersion: 1, registeredAt: 0n, revoked: false, controller: zeroAddress },
      ...{ devicesBlock: 1n, publicId: one.publicId, agreementKey: zeroHash, deviceRoot: zeroHash, saltName: zeroHash },
      ...{ name: one.pseudonym, ...now[one.publicId] },
    };
    return encodeFunctionResult({ abi: identityRegistryAbi, functionName: "identityByPublicId", result: [1n, record] });
  };
  return {
    network: { chainId: 31_337, contracts: contractsAt(`0x${"1".repeat(40)}`) },
    rpc: {
      endpoints: () => operators.map((operator, at) => ({ url: `${at}`, operator })),
      request: answer,
      requestAt: (_: unknown, method: string, params: [{ data: string }]) => answer(method, params),
    },
  } as unknown as Chain;
}

test("two operators and people who are who they were: nothing to warn about", async () => {
  expect(await findWarnings(chainOf(["one", "two"]), draft)).toEqual([]);
});

test("the word of one operator is said to be no more than that, however many relays it has", async () => {
  expect(await findWarnings(chainOf(["one", "one"]), draft)).toEqual([{ kind: "one-operator" }]);
});

test("an arbiter who belongs to a party by now is no third person", async () => {
  const sold = { [judge.publicId]: { owner: worker.wallet } };
  expect(await findWarnings(chainOf(["one", "two"], sold), draft)).toEqual([
    { kind: "stranger", party: judge },
    { kind: "arbiter-is-party", party: worker },
  ]);
  // Also where the party has moved to the arbiter's wallet.
  const moved = { [client.publicId]: { owner: judge.wallet } };
  expect(await findWarnings(chainOf(["one", "two"], moved), draft)).toContainEqual({
    ...{ kind: "arbiter-is-party", party: client },
  });
});

test("an arbiter whose name passes for a party's is told of", async () => {
  const alike = parseDraft({ ...base, money, arbiter: { ...judge, pseudonym: "b0b" } });
  const now = { [judge.publicId]: { name: "b0b" } };
  expect(await findWarnings(chainOf(["one", "two"], now), alike)).toEqual([
    { kind: "look-alike", publicId: judge.publicId, pseudonym: "b0b", other: "bob" },
  ]);
});

test("of a view: whom it waits for, what was not paid in, and that nobody was asked", () => {
  const escrow = { milestones: [{ state: "funded" }, { state: "unfunded" }] } as EscrowView;
  expect(unfundedIn(escrow, [])).toEqual([{ kind: "unfunded", milestones: [1] }]);
  // Somebody who reads that nothing was paid in pays again.
  const paying = { message: "q", act: { do: "fund", first: 1, count: 1 }, at: "chain", until: 1, doubt: true } as const;
  expect(unfundedIn(escrow, [paying])).toEqual([{ kind: "may-come", milestones: [1] }]);
  const view = {
    ...{ version: { draft }, unsure: true, unlisted: true, lookAlikes: [], pending: [] },
    signatures: [
      { party: client, state: "signed" },
      { party: worker, state: "retracted" },
    ],
  } as unknown as AgreementView;
  expect(warningsOf(view)).toEqual([
    { kind: "chain-not-asked" },
    { kind: "unsigned", parties: [worker] },
    { kind: "unlisted-token" },
  ]);
  const held = { ...view, concluded: { id: zeroHash, at: 1 }, escrow };
  expect(warningsOf(held).map(({ kind }) => kind)).toEqual(["chain-not-asked", "unlisted-token", "unfunded"]);
});
