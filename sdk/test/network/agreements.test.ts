import {
  type Abi,
  decodeFunctionResult,
  encodeFunctionResult,
  getAbiItem,
  hashTypedData,
  toFunctionSelector,
} from "viem";
import { expect, test } from "vitest";
import { localDeployer } from "../../../scripts/deploy/local.ts";
import { createSender } from "../../../scripts/deploy/sender.ts";
import { joinPerson, type Person } from "../../../test/support/network.ts";
import { actOnEscrow, type EscrowAction, escrowTypedData, settleMilestone } from "../../src/agreements/actOnEscrow.ts";
import { concludeAgreement } from "../../src/agreements/concludeAgreement.ts";
import { confirmDraft } from "../../src/agreements/confirmDraft.ts";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import { readEscrow } from "../../src/agreements/readEscrow.ts";
import { readSubmissions } from "../../src/agreements/readSubmissions.ts";
import { retractAgreement } from "../../src/agreements/retractAgreement.ts";
import { agreementIdOf, termsOf, termsTypedData } from "../../src/agreements/termsOf.ts";
import { verifyAgreement } from "../../src/agreements/verifyAgreement.ts";
import { type Chain, createChain, fetchNetwork, readContract } from "../../src/chain/index.ts";
import { agreementsAbi, escrowAbi, skmAbi } from "../../src/generated/index.ts";
import { createLocalWallet, newWalletKey } from "../../src/index.ts";
import type { AgreementDraft, AgreementMoney, AgreementTerms } from "../../src/types/agreements.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { hire, inDays, partyOf, promise } from "../support/agreements.ts";
import { useNetwork } from "../support/network.ts";

/** Agreements from draft to payment, on a real chain through real relays. */

const network = useNetwork();
const wallet = () => createLocalWallet(newWalletKey());
const later = () => BigInt(inDays(1));
const milestoneOf = getAbiItem({ abi: escrowAbi, name: "milestone" });
const hash = (digit: string): Hex => `0x${digit.repeat(64)}`;

async function openChain(): Promise<Chain> {
  const [url = ""] = network.urls;
  const info = await fetchNetwork(url);
  const endpoints = network.urls.map((at, index) => ({ url: `${at}/rpc`, operator: `${index}` }));
  return createChain(info, { endpoints: () => endpoints });
}

async function sign(chain: Chain, terms: AgreementTerms, wallets: readonly WalletSigner[]) {
  const typed = termsTypedData(terms, chain.network);
  const signed = wallets.map(
    async (one) => [one.address.toLowerCase() as Address, await one.signTypedData(typed)] as const,
  );
  return new Map(await Promise.all(signed));
}

function hireOf(chain: Chain, client: WalletSigner, worker: WalletSigner, judge?: WalletSigner): AgreementDraft {
  const base = hire();
  const { chainId, contracts } = chain.network;
  const held = base.money as AgreementMoney;
  return parseDraft({
    ...base,
    chainId,
    parties: [partyOf("client", "alice", 1, client.address), partyOf("freelancer", "bob", 2, worker.address)],
    ...(judge ? { arbiter: partyOf("arbiter", "judy", 3, judge.address) } : {}),
    money: {
      asset: { ...held.asset, chainId, token: contracts.skm },
      milestones: held.milestones,
      rules: { ...held.rules, ...(judge ? { rulingTime: 7 * 86_400 } : {}) },
    },
  });
}

const balanceOf = (chain: Chain, owner: Address): Promise<bigint> =>
  readContract(chain, { address: chain.network.contracts.skm, abi: skmAbi, functionName: "balanceOf", args: [owner] });

/** SKM from the account that owns the local network's first. */
function sendSkm(chain: Chain, to: Address, amount: bigint): Promise<void> {
  const { rpcUrl, chainId } = network.chain;
  const sender = createSender({ rpcUrl, chainId, account: localDeployer(network.stateDir) });
  return sender.send(chain.network.contracts.skm, skmAbi, "transfer", [to, amount]);
}

async function openEscrow(chain: Chain, draft: AgreementDraft, wallets: readonly WalletSigner[]): Promise<Address> {
  const terms = termsOf(draft);
  await concludeAgreement(chain, terms, await sign(chain, terms, wallets));
  const { escrow } = await verifyAgreement(chain, draft);
  return escrow as Address;
}

test("a hire is signed, concluded, funded, handed in, accepted, disputed and ruled on; the money adds up", async () => {
  const chain = await openChain();
  const [client, worker, judge] = [wallet(), wallet(), wallet()];
  const draft = hireOf(chain, client, worker, judge);
  const terms = termsOf(draft);
  const { agreements } = chain.network.contracts;
  const onChain = await readContract(chain, {
    address: agreements,
    abi: agreementsAbi,
    functionName: "idOf",
    args: [terms],
  });
  expect(agreementIdOf(terms, chain.network)).toBe(onChain);

  await expect(verifyAgreement(chain, draft)).rejects.toMatchObject({ code: "AGREEMENT_NOT_CONCLUDED" });
  const one = await sign(chain, terms, [client]);
  await expect(concludeAgreement(chain, terms, one)).rejects.toMatchObject({ code: "AGREEMENT_UNSIGNED" });
  const forged = new Map([...one, [worker.address.toLowerCase() as Address, [...one.values()][0] as Hex]]);
  await expect(concludeAgreement(chain, terms, forged)).rejects.toMatchObject({
    ...{ code: "AGREEMENT_SIGNATURE_INVALID", details: worker.address.toLowerCase() },
  });
  const escrow = await openEscrow(chain, draft, [client, worker]);
  await expect(openEscrow(chain, draft, [client, worker])).rejects.toMatchObject({ code: "AGREEMENT_EXISTS" });

  const shown = JSON.parse(draftToJson(draft));
  const verified = await verifyAgreement(chain, shown);
  expect(verified.text).toContain("A logo");
  // None of these wallets has an identity: the names are the draft's word alone.
  expect(verified.warnings.map((one) => "party" in one && [one.kind, one.party.pseudonym])).toEqual([
    ["stranger", "alice"],
    ["stranger", "bob"],
    ["stranger", "judy"],
  ]);
  await expect(confirmDraft(chain, draft)).rejects.toMatchObject({ code: "AGREEMENT_PARTY_DIFFERS" });
  const altered = { ...shown, values: { ...shown.values, job: "A logo and a website" } };
  await expect(verifyAgreement(chain, altered)).rejects.toMatchObject({ code: "AGREEMENT_NOT_CONCLUDED" });
  await expect(
    verifyAgreement(chain, {
      ...shown,
      chainId: 1,
      money: { ...shown.money, asset: { ...shown.money.asset, chainId: 1 } },
    }),
  ).rejects.toMatchObject({ code: "AGREEMENT_OTHER_CHAIN" });

  // The money is sent to the escrow, the way every wallet can; then anybody may say what it is for.
  await sendSkm(chain, escrow, 6n * 10n ** 18n);
  const view = () => readEscrow(chain, escrow, 3);
  const act = async (by: WalletSigner, action: EscrowAction) => {
    const { step, milestones } = await view();
    const seen = "index" in action ? (milestones[action.index]?.step ?? 0n) : step;
    return actOnEscrow(chain, escrow, action, { wallet: by, seen, deadline: later() });
  };
  await act(client, { do: "fund", first: 0, count: 3 });
  expect((await view()).milestones.map(({ state }) => state)).toEqual(["funded", "funded", "funded"]);

  await act(worker, { do: "submit", index: 0, evidence: hash("1") });
  expect((await view()).milestones[0]).toMatchObject({ state: "submitted", timeout: { outcome: "release" } });
  await expect(act(worker, { do: "accept", index: 0, amount: 10n ** 18n })).rejects.toMatchObject({
    code: "ESCROW_NOT_YOURS",
  });
  await expect(settleMilestone(chain, escrow, 0)).rejects.toMatchObject({ code: "ESCROW_TOO_EARLY" });
  await act(client, { do: "accept", index: 0, amount: 4n * 10n ** 17n });
  await act(client, { do: "accept", index: 0, amount: 6n * 10n ** 17n });

  const before = (await view()).milestones[1]?.step as bigint;
  await act(worker, { do: "submit", index: 1, evidence: hash("2") });
  await act(client, { do: "reject", index: 1, reason: hash("3") });
  const late = actOnEscrow(
    chain,
    escrow,
    { do: "submit", index: 1, evidence: hash("4") },
    { wallet: worker, seen: before, deadline: later() },
  );
  await expect(late).rejects.toMatchObject({ code: "ESCROW_MOVED_ON" });
  // What has moved on since is still known to have been handed in.
  expect(await readSubmissions(chain, escrow, 1, { until: inDays(1) })).toEqual([hash("2")]);
  await act(worker, { do: "dispute", index: 1, reason: hash("5") });
  await act(judge, { do: "rule", index: 1, toPayee: 15n * 10n ** 17n });
  await act(worker, { do: "extend", index: 2, due: inDays(60) });
  await act(client, { do: "extend", index: 2, due: inDays(60) });
  expect((await view()).milestones[2]?.due).toBe(inDays(60));
  await act(worker, { do: "refund", index: 2, amount: 10n ** 18n });
  await act(client, { do: "cancel", toPayee: 10n ** 18n });
  await act(worker, { do: "cancel", toPayee: 10n ** 18n });

  expect(await view()).toMatchObject({ finished: true });
  const [paid, back, left] = await Promise.all(
    [worker, client, { address: escrow }].map(({ address }) => balanceOf(chain, address)),
  );
  expect([paid, back, left]).toEqual([35n * 10n ** 17n, 25n * 10n ** 17n, 0n]);
});

test("an agreement between people of the registry has no strangers; another name, wallet or number of decimals is refused", async () => {
  const chain = await openChain();
  const [ann, ben] = [await joinPerson(network, "ann"), await joinPerson(network, "ben")];
  const party = ({ client, name, wallet: { address } }: Person, role: string) => ({
    ...{ role, pseudonym: name, wallet: address },
    publicId: client.identity?.publicId as Hex,
  });
  const base = hireOf(chain, ann.wallet, ben.wallet);
  const parties = [party(ann, "client"), party(ben, "freelancer")];
  const draft = parseDraft({ ...base, parties });
  await confirmDraft(chain, draft);
  const differs = expect.objectContaining({ code: "AGREEMENT_PARTY_DIFFERS", details: "freelancer" });
  for (const lie of [{ wallet: wallet().address }, { pseudonym: ann.name }]) {
    const other = parseDraft({ ...draft, parties: [parties[0], { ...parties[1], ...lie }] });
    await expect(confirmDraft(chain, other)).rejects.toThrow(differs);
  }
  const money = draft.money as AgreementMoney;
  const wrong = parseDraft({ ...draft, money: { ...money, asset: { ...money.asset, decimals: 20 } } });
  await expect(confirmDraft(chain, wrong)).rejects.toMatchObject({ code: "AGREEMENT_ASSET_DIFFERS" });
  await Promise.all([ann.client.close(), ben.client.close()]);
});

test("three people agree on something without money; a signature taken back is worth nothing", async () => {
  const chain = await openChain();
  const wallets = [wallet(), wallet(), wallet()];
  const parties = wallets.map((one, index) => partyOf("party", `person${index}`, index + 1, one.address));
  const draft = parseDraft(promise({ chainId: chain.network.chainId, parties }));
  const terms = termsOf(draft);
  await concludeAgreement(chain, terms, await sign(chain, terms, wallets));
  expect(await verifyAgreement(chain, draft)).toMatchObject({
    escrow: undefined,
    text: expect.stringContaining("in turns"),
  });

  const other = parseDraft(promise({ chainId: chain.network.chainId, parties }));
  const otherTerms = termsOf(other);
  const signatures = await sign(chain, otherTerms, wallets);
  await retractAgreement(chain, otherTerms, wallets[1] as WalletSigner, later());
  await expect(concludeAgreement(chain, otherTerms, signatures)).rejects.toMatchObject({ code: "AGREEMENT_RETRACTED" });
});

test("what a wallet is asked to sign for each action is what the escrow hashes", async () => {
  const at: Address = "0x00000000000000000000000000000000000000e5";
  const seen = { step: 3n, deadline: 4n };
  const actions: EscrowAction[] = [
    { do: "fund", first: 0, count: 1 },
    { do: "submit", index: 0, evidence: hash("1") },
    { do: "accept", index: 0, amount: 1n },
    { do: "refund", index: 0, amount: 1n },
    { do: "reject", index: 0, reason: hash("1") },
    { do: "dispute", index: 0, reason: hash("1") },
    { do: "rule", index: 0, toPayee: 1n },
    { do: "extend", index: 0, due: 1 },
    { do: "declareDefault", index: 0 },
    { do: "cancel", toPayee: 1n },
  ];
  const hashes = actions.map((action) =>
    hashTypedData(escrowTypedData(1, at, action, seen) as Parameters<typeof hashTypedData>[0]),
  );
  expect(new Set(hashes).size).toBe(actions.length);
  const functions = (escrowAbi as Abi).filter((entry) => entry.type === "function");
  for (const action of actions) {
    const inputs = functions.find(({ name }) => name === action.do)?.inputs ?? [];
    const { types, primaryType } = escrowTypedData(1, at, action, seen);
    const signed = types[primaryType]?.map(({ name }) => name) ?? [];
    expect(signed).toEqual([...inputs.slice(0, -1).map(({ name }) => name), "step", "deadline"]);
  }
});

test("an escrow is what two operators say, in states that this program knows", async () => {
  const chain = await openChain();
  const [client, worker] = [wallet(), wallet()];
  const escrow = await openEscrow(chain, hireOf(chain, client, worker), [client, worker]);
  expect((await readEscrow(chain, escrow, 3)).milestones.map(({ state }) => state)).toEqual(Array(3).fill("unfunded"));
  const { rpc } = chain;
  const answering = (of: (operator: string, result: Hex) => Hex): Chain => ({
    ...chain,
    rpc: {
      ...rpc,
      async requestAt(endpoint, method, params, signal) {
        const result = (await rpc.requestAt(endpoint, method, params, signal)) as Hex;
        const [call] = params as [{ data?: Hex }];
        const isMilestone = method === "eth_call" && call.data?.startsWith(toFunctionSelector(milestoneOf));
        return isMilestone ? of(endpoint.operator, result) : result;
      },
    },
  });
  const inState = (state: number, data: Hex): Hex => {
    const result = decodeFunctionResult({ abi: escrowAbi, functionName: "milestone", data });
    return encodeFunctionResult({ abi: escrowAbi, functionName: "milestone", result: { ...result, state } });
  };
  const liar = answering((operator, result) => (operator === "0" ? inState(5, result) : result));
  expect((await readEscrow(liar, escrow, 1)).milestones[0]?.state).toBe("unfunded");
  const unknown = answering((_, result) => inState(9, result));
  await expect(readEscrow(unknown, escrow, 1)).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
});
